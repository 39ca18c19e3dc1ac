namespace Atm0s.Sip.Core.Messages;

/// <summary>Header parameters: <c>;name=value;flag;name="quoted"</c> (RFC 3261 §25.1, generic-param).</summary>
internal static class SipParameters
{
    /// <summary>True when the whole span is a list of parameters, each begun by a semicolon.</summary>
    public static bool AreValid(ReadOnlySpan<byte> parameters)
    {
        var rest = parameters;
        while (TryNext(ref rest, out _, out _, out var valid))
        {
            if (!valid)
                return false;
        }

        return SipChars.Trim(rest).IsEmpty;
    }

    /// <summary>Finds a parameter by its name, without regard to case. The value of a flag is empty; quotes are taken off.</summary>
    public static bool TryGet(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var rest = parameters;
        while (TryNext(ref rest, out var found, out value, out _))
        {
            if (SipChars.EqualsIgnoreCase(found, name))
                return true;
        }

        value = default;
        return false;
    }

    /// <summary>Takes the next parameter off the front of <paramref name="rest"/>.</summary>
    public static bool TryNext(
        scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool valid)
    {
        name = value = default;
        valid = false;
        var s = SipChars.Trim(rest);
        if (s.IsEmpty || s[0] != ';')
        {
            rest = s;
            return false;
        }

        s = s[1..];
        var end = EndOfParameter(s);
        valid = end >= 0;
        var parameter = valid ? s[..end] : s;
        rest = valid ? s[end..] : default;
        var equal = parameter.IndexOf((byte)'=');
        name = SipChars.Trim(equal < 0 ? parameter : parameter[..equal]);
        if (equal >= 0)
        {
            value = SipChars.Trim(parameter[(equal + 1)..]);
            valid &= IsValue(value);
            if (value.Length >= 2 && value[0] == '"')
                value = value[1..^1];
        }

        valid &= SipChars.IsToken(name);
        return true;
    }

    private static int EndOfParameter(ReadOnlySpan<byte> s)
    {
        var end = 0;
        while (s[end..].IndexOfAny((byte)';', (byte)'"') is >= 0 and var next)
        {
            end += next;
            if (s[end] == ';')
                return end;
            end = SipChars.EndOfQuoted(s, end);
            if (end < 0)
                return -1;
        }

        return s.Length;
    }

    // gen-value = token / host / quoted-string; hosts may be IPv6 references, and phones put URIs' characters here too.
    private static bool IsValue(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return false;
        return value[0] == '"' ? SipChars.EndOfQuoted(value, 0) == value.Length : !value.ContainsAny((byte)' ', (byte)',', (byte)'"');
    }
}
