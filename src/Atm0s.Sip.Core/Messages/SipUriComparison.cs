using System.Buffers;

namespace Atm0s.Sip.Core.Messages;

/// <summary>URI comparison (RFC 3261 §19.1.4) and the escapes it looks through.</summary>
internal static class SipUriComparison
{
    // reserved of RFC 3261 §25.1
    private static readonly SearchValues<byte> Reserved = SearchValues.Create(";/?:@&=+$,"u8);

    public static bool AreEquivalent(SipUriView left, SipUriView right)
    {
        if (left.Scheme != right.Scheme)
            return false;
        if (left.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips))
            return SipChars.EqualsIgnoreCase(left.SchemeToken, right.SchemeToken) && left.User.SequenceEqual(right.User);
        return EqualsUnescaped(left.User, right.User, ignoreCase: false)
            && EqualsUnescaped(left.Password, right.Password, ignoreCase: false)
            && SipChars.EqualsIgnoreCase(left.Host, right.Host)
            && left.Port == right.Port
            && ParametersMatch(left, right)
            && SipUriHeaderComparison.AreEquivalent(left.Headers, right.Headers);
    }

    public static bool TryNextParameter(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (rest.IsEmpty)
            return false;
        var s = rest[1..];
        var end = s.IndexOf((byte)';');
        var parameter = end < 0 ? s : s[..end];
        rest = end < 0 ? default : s[end..];
        var equal = parameter.IndexOf((byte)'=');
        name = equal < 0 ? parameter : parameter[..equal];
        value = equal < 0 ? default : parameter[(equal + 1)..];
        return true;
    }

    // Parameters stand in any order, so each is looked for: more than this many are taken as different, unless byte for byte the same.
    private const int MaxParts = 64;

    /// <summary>Whether there are too many parts to compare each with each.</summary>
    public static bool AreTooMany(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, byte separator) =>
        left.Count(separator) > MaxParts || right.Count(separator) > MaxParts;

    private static bool ParametersMatch(SipUriView left, SipUriView right) =>
        left.Parameters.SequenceEqual(right.Parameters)
        || (!AreTooMany(left.Parameters, right.Parameters, (byte)';') && Covers(left, right) && Covers(right, left));

    // A parameter in both must match; user, ttl, method and maddr never match when they stand in one only, others may.
    private static bool Covers(SipUriView left, SipUriView right)
    {
        var rest = left.Parameters;
        while (TryNextParameter(ref rest, out var name, out var value))
        {
            if (right.TryGetParameter(name, out var other))
            {
                if (!EqualsUnescaped(value, other, ignoreCase: true))
                    return false;
            }
            else if (MustBeInBoth(name))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MustBeInBoth(ReadOnlySpan<byte> name) =>
        SipChars.EqualsIgnoreCase(name, "user"u8) || SipChars.EqualsIgnoreCase(name, "ttl"u8)
        || SipChars.EqualsIgnoreCase(name, "method"u8) || SipChars.EqualsIgnoreCase(name, "maddr"u8)
        || SipChars.EqualsIgnoreCase(name, "transport"u8);

    /// <summary>Equality with escapes looked through.</summary>
    public static bool EqualsUnescaped(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool ignoreCase)
    {
        int i = 0, j = 0;
        while (i < left.Length && j < right.Length)
        {
            var a = Next(left, ref i);
            var b = Next(right, ref j);
            if (a != b && !(ignoreCase && a < 0x80 && b < 0x80 && char.ToLowerInvariant((char)a) == char.ToLowerInvariant((char)b)))
                return false;
        }

        return i == left.Length && j == right.Length;
    }

    // RFC 3261 §19.1.4: characters are equivalent to their escapes, other than those of the reserved set; an escaped one of these comes
    // back as no byte at all.
    private static int Next(ReadOnlySpan<byte> value, ref int index)
    {
        if (value[index] == '%' && index + 2 < value.Length
            && SipEscapes.Hex(value[index + 1]) is >= 0 and var high && SipEscapes.Hex(value[index + 2]) is >= 0 and var low)
        {
            index += 3;
            var decoded = (high << 4) | low;
            return Reserved.Contains((byte)decoded) ? decoded | 0x100 : decoded;
        }

        return value[index++];
    }
}
