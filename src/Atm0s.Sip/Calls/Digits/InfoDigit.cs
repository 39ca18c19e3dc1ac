using System.Globalization;
using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Calls.Digits;

/// <summary>
/// A key as phones put it into the body of an INFO (RFC 2976): <c>application/dtmf-relay</c> or <c>application/dtmf</c>, which nobody has
/// standardised.
/// </summary>
/// <param name="Digit">0 to 9, *, #, A to D; NUL for flash, which is no digit.</param>
/// <param name="Duration">How long it was pressed.</param>
internal readonly record struct InfoDigit(char Digit, TimeSpan Duration)
{
    /// <summary>Value of Accept that says so.</summary>
    public const string Accepted = "application/dtmf-relay, application/dtmf";

    private const string Keys = "0123456789*#ABCD";     // at their event codes (RFC 4733 §3.2)
    private const int MaxBody = 256;

    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Content-Type of <see cref="ToBody"/>.</summary>
    public const string ContentType = "application/dtmf-relay";

    /// <summary>Whether a Content-Type is one of keys.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> contentType)
    {
        var semicolon = contentType.IndexOf((byte)';');
        var type = (semicolon < 0 ? contentType : contentType[..semicolon]).Trim(" \t"u8);
        return Ascii.EqualsIgnoreCase(type, "application/dtmf-relay"u8) || Ascii.EqualsIgnoreCase(type, "application/dtmf"u8);
    }

    /// <summary>
    /// Reads a body: lines <c>Signal=5</c> and <c>Duration=160</c> in any order, or the key alone. Phones write keys as themselves or as
    /// event codes (10 is *).
    /// </summary>
    public static InfoDigit? Read(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBody)
            return null;
        char? digit = null;
        var duration = Usual;
        var text = Encoding.ASCII.GetString(body);
        foreach (var range in text.AsSpan().SplitAny('\r', '\n'))
        {
            var line = text.AsSpan()[range].Trim();
            var equals = line.IndexOf('=');
            var name = equals < 0 ? "signal" : line[..equals].Trim();
            var value = line[(equals + 1)..].Trim();
            if (line.IsEmpty)
                continue;
            if (name.Equals("signal", StringComparison.OrdinalIgnoreCase))
                digit ??= KeyOf(value);
            else if (name.Equals("duration", StringComparison.OrdinalIgnoreCase) && DurationOf(value) is { } told)
                duration = told;
        }

        return digit is { } key ? new InfoDigit(key, duration) : null;
    }

    /// <summary>The body for a key of ours.</summary>
    public static byte[] ToBody(char digit, TimeSpan duration) =>
        Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"Signal={char.ToUpperInvariant(digit)}\r\nDuration={(int)duration.TotalMilliseconds}\r\n"));

    private static char? KeyOf(ReadOnlySpan<char> text)
    {
        if (text.Length == 1)
        {
            var key = char.ToUpperInvariant(text[0]);
            return Keys.Contains(key, StringComparison.Ordinal) ? key : key == '!' ? '\0' : null;
        }

        if (!byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return null;
        return code < Keys.Length ? Keys[code] : code == Keys.Length ? '\0' : null;
    }

    private static TimeSpan? DurationOf(ReadOnlySpan<char> text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds == 0)
            return null;
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        return duration < Longest ? duration : Longest;
    }
}
