using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>
/// A line <c>a=crypto</c>: a key for what its author sends (RFC 4568 §9.1). Lines that want what we do not do are no lines for us (§6.3:
/// who does not know a mandatory parameter must not use the line). Its text never shows the key.
/// </summary>
public sealed class CryptoAttribute
{
    private const int MaxTagLength = 9;
    private const int MaxKeyLength = 64;
    private const int MaxIdentifierLength = 128;

    // RFC 4568 §6.1: at most 2^48 packets of SRTP, which is also what holds when nothing is said.
    private const int MaxLifetimePower = 48;

    // The key of a call stays the same: a lifetime must cover it. So many packets of 20 ms are nearly six hours, and the least that phones
    // write.
    private const long MinLifetime = 1L << 20;

    private static readonly SearchValues<char> SuiteCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly byte[] _key;
    private readonly byte[] _identifier;

    /// <summary>Makes a line.</summary>
    /// <param name="tag">0 to 999,999,999; tells the lines of one description apart.</param>
    /// <param name="suite">For example <c>AES_CM_128_HMAC_SHA1_80</c>.</param>
    /// <param name="keyAndSalt">Master key and master salt, one behind the other.</param>
    /// <param name="identifier">Master key identifier, as packets bear it; empty for none.</param>
    /// <param name="lifetime">Packets that the key is good for; null when nothing is said.</param>
    public CryptoAttribute(
        int tag, string suite, ReadOnlySpan<byte> keyAndSalt, ReadOnlySpan<byte> identifier = default, long? lifetime = null)
    {
        Tag = tag;
        Suite = suite;
        _key = keyAndSalt.ToArray();
        _identifier = identifier.ToArray();
        Lifetime = lifetime;
    }

    /// <summary>Tells the lines of one description apart; the answer repeats that of the line it takes (RFC 4568 §5.1.2).</summary>
    public int Tag { get; }

    /// <summary>Name of the suite.</summary>
    public string Suite { get; }

    /// <summary>Packets that the key is good for, or null.</summary>
    public long? Lifetime { get; }

    /// <summary>Master key and master salt, one behind the other.</summary>
    public ReadOnlySpan<byte> KeyAndSalt => _key;

    /// <summary>Master key identifier, as packets bear it; empty for none.</summary>
    public ReadOnlySpan<byte> Identifier => _identifier;

    /// <summary>Reads what stands behind <c>a=crypto:</c>. Never throws.</summary>
    /// <param name="value">The value.</param>
    /// <param name="crypto">The line.</param>
    /// <returns>False when it is malformed, or wants something that is not done here: several keys, a key derivation rate, streams without
    /// encryption or authentication, forward error correction, a key for less than 2^20 packets, an unknown key method or parameter.</returns>
    public static bool TryParse(ReadOnlySpan<char> value, [NotNullWhen(true)] out CryptoAttribute? crypto)
    {
        crypto = null;
        if (!TryTakeWord(ref value, out var tag) || !IsTag(tag)
            || !TryTakeWord(ref value, out var suite) || suite.ContainsAnyExcept(SuiteCharacters)
            || !TryTakeWord(ref value, out var key) || !key.StartsWith("inline:", StringComparison.OrdinalIgnoreCase))
            return false;
        while (TryTakeWord(ref value, out var parameter))
        {
            if (!IsHarmless(parameter))
                return false;
        }

        return TryReadKey(key["inline:".Length..], out var keyAndSalt, out var identifier, out var lifetime)
            && (crypto = new CryptoAttribute(
                int.Parse(tag, NumberStyles.None, CultureInfo.InvariantCulture), suite.ToString(), keyAndSalt, identifier, lifetime)) is not null;
    }

    /// <summary>The value to write behind <c>a=crypto:</c>. It holds the key: for descriptions only.</summary>
    public string ToValue() =>
        _identifier.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Tag} {Suite} inline:{Convert.ToBase64String(_key)}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Tag} {Suite} inline:{Convert.ToBase64String(_key)}|{new BigInteger(_identifier, true, true)}:{_identifier.Length}");

    /// <summary>Whether both have one key for one suite: then its use goes on.</summary>
    /// <param name="other">The other line.</param>
    internal bool HasKeyOf(CryptoAttribute other) =>
        Suite == other.Suite && _identifier.AsSpan().SequenceEqual(other._identifier)
        && CryptographicOperations.FixedTimeEquals(_key, other._key);

    /// <summary>The same key under another tag.</summary>
    /// <param name="tag">Its tag.</param>
    internal CryptoAttribute WithTag(int tag) => tag == Tag ? this : new CryptoAttribute(tag, Suite, _key, _identifier, Lifetime);

    /// <summary>Tag and suite alone.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Tag} {Suite}");

    private static bool IsTag(ReadOnlySpan<char> tag) => tag.Length <= MaxTagLength && !tag.ContainsAnyExceptInRange('0', '9');

    private static bool TryTakeWord(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> word)
    {
        text = text.TrimStart(" \t");
        var end = text.IndexOfAny(' ', '\t');
        word = end < 0 ? text : text[..end];
        text = text[word.Length..];
        return !word.IsEmpty;
    }

    // RFC 4568 §6.3.7: a window of 64 or more may be asked for, and ours is wider than it must be. §6.3.8, §7.1: what begins with "-" may be
    // left aside.
    private static bool IsHarmless(ReadOnlySpan<char> parameter) =>
        parameter[0] == '-'
        || parameter.StartsWith("WSH=", StringComparison.OrdinalIgnoreCase)
        || parameter.Equals("KDR=0", StringComparison.OrdinalIgnoreCase);

    private static bool TryReadKey(ReadOnlySpan<char> text, out byte[] key, out byte[] identifier, out long? lifetime)
    {
        (key, identifier, lifetime) = ([], [], null);
        // RFC 4568 §6.1: several keys of one line are told apart by ";".
        if (text.Contains(';'))
            return false;
        var part = 0;
        foreach (var range in text.Split('|'))
        {
            var field = text[range];
            var isRead = part++ switch
            {
                0 => TryReadBase64(field, out key),
                1 when !field.Contains(':') => TryReadLifetime(field, out lifetime),
                1 or 2 => identifier.Length == 0 && TryReadIdentifier(field, out identifier),
                _ => false,
            };
            if (!isRead)
                return false;
        }

        return true;
    }

    private static bool TryReadBase64(ReadOnlySpan<char> text, out byte[] key)
    {
        Span<byte> buffer = stackalloc byte[MaxKeyLength];
        key = Convert.TryFromBase64Chars(text, buffer, out var length) && length > 0 ? buffer[..length].ToArray() : [];
        return key.Length > 0;
    }

    // RFC 4568 §6.1: a lifetime that is too long makes the line invalid; one that is over before the call would want new keys in time.
    private static bool TryReadLifetime(ReadOnlySpan<char> text, out long? lifetime)
    {
        lifetime = null;
        var isPower = text.StartsWith("2^", StringComparison.Ordinal);
        if (!long.TryParse(isPower ? text[2..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > (isPower ? MaxLifetimePower : 1L << MaxLifetimePower) || number == 0)
            return false;
        lifetime = isPower ? 1L << (int)number : number;
        return lifetime >= MinLifetime;
    }

    private static bool TryReadIdentifier(ReadOnlySpan<char> text, out byte[] identifier)
    {
        identifier = [];
        var colon = text.IndexOf(':');
        // A number of so many bytes: 128 of them have 309 digits.
        if (colon is <= 0 or > 309
            || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length is < 1 or > MaxIdentifierLength
            || !BigInteger.TryParse(
                text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number.GetByteCount(isUnsigned: true) > length)
            return false;
        identifier = new byte[length];
        number.TryWriteBytes(identifier.AsSpan(length - number.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return true;
    }
}
