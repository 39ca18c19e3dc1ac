using System.Buffers;
using System.Text;

namespace Atm0s.Sip.Core.Messages;

/// <summary>%HH escapes of URI user parts (RFC 3261 §19.1.2) and quoting of display names (§25.1).</summary>
public static class SipEscapes
{
    // unreserved and user-unreserved of RFC 3261 §25.1
    private static readonly SearchValues<byte> UserPart = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,;?/"u8);

    /// <summary>Decodes %HH once; a percent sign that begins no escape stays.</summary>
    public static string Unescape(ReadOnlySpan<byte> escaped)
    {
        if (!escaped.Contains((byte)'%'))
            return Encoding.UTF8.GetString(escaped);
        var bytes = new byte[escaped.Length];
        var length = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '%' && i + 2 < escaped.Length && Hex(escaped[i + 1]) is >= 0 and var high
                && Hex(escaped[i + 2]) is >= 0 and var low)
            {
                bytes[length++] = (byte)((high << 4) | low);
                i += 2;
            }
            else
            {
                bytes[length++] = escaped[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>Encodes any text as the user part of a SIP URI.</summary>
    public static string EscapeUser(string user)
    {
        var bytes = Encoding.UTF8.GetBytes(user);
        if (!bytes.AsSpan().ContainsAnyExcept(UserPart))
            return user;
        var text = new StringBuilder(bytes.Length + 16);
        foreach (var b in bytes)
        {
            if (UserPart.Contains(b))
                text.Append((char)b);
            else
                text.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>Puts any text into a quoted string, escaping quotes and backslashes.</summary>
    /// <exception cref="ArgumentException">It holds a control character, which no escape can carry.</exception>
    public static string Quote(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c))
                throw new ArgumentException("A display name must not hold control characters.", nameof(text));
        }

        return $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>Value of a hex digit, or -1.</summary>
    internal static int Hex(byte c) => char.IsAsciiHexDigit((char)c) ? (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10) : -1;
}
