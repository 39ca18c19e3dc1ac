using System.Text;
using System.Text.RegularExpressions;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// Hides what a message may hold of secrets: digest responses, tokens (RFC 8898 §2), passwords in URIs (RFC 3261 §19.1.1), keys of SRTP
/// (RFC 4568 §9.1), passwords of ICE (RFC 8839 §5.4), digits of an INFO, the text of a MESSAGE. What was cut off at the end is hidden as far
/// as it is there. Its length stays, so that it fits its Content-Length.
/// </summary>
internal static partial class WireMask
{
    /// <summary>Masks a message where it stands.</summary>
    public static void Apply(Span<byte> message)
    {
        // Latin-1 has one character for each byte.
        var text = Encoding.Latin1.GetString(message);
        foreach (Match match in Secret().Matches(text))
            Hide(message, match);
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (body < 0)
            return;
        if (text.StartsWith("INFO ", StringComparison.Ordinal))
            HideDigits(message[(body + 4)..]);
        else if (text.StartsWith("MESSAGE ", StringComparison.Ordinal))
            HideLine(message[(body + 4)..]);
    }

    // As InfoDigit reads it: a line with a name, or the key alone.
    private static void HideDigits(Span<byte> body)
    {
        while (!body.IsEmpty)
        {
            var end = body.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? body : body[..end];
            var equals = line.IndexOf((byte)'=');
            if (equals < 0 || Ascii.EqualsIgnoreCase(Trim(line[..equals]), "signal"u8))
                HideLine(line[(equals + 1)..]);
            body = end < 0 ? default : body[(end + 1)..];
        }
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> name) => name.Trim(" \t"u8);

    // Line ends stay, so that it reads as what it was.
    private static void HideLine(Span<byte> text)
    {
        foreach (ref var character in text)
        {
            if (character is not ((byte)'\r' or (byte)'\n'))
                character = (byte)'*';
        }
    }

    private static void Hide(Span<byte> message, Match match)
    {
        var secret = match.Groups["s"];
        message.Slice(secret.Index, secret.Length).Fill((byte)'*');
    }

    // RFC 3261 §25.1: EQUAL may have white space on both sides.
    [GeneratedRegex(
        "(?:response|rspauth)\\s*=\\s*(?:\"(?<s>[^\"]*)|(?<s>[^\\s,\"]+))"
        + "|authorization\\s*:\\s*(?:bearer|basic)\\s+(?<s>[^\\s,]+)"
        + "|sips?:[^@\\s:<>\"]+:(?<s>[^@\\s<>\";?/]+)(?:@|\\z)"
        + "|inline:(?<s>[^\\r\\n|; ]*)"
        + "|ice-pwd:(?<s>[^\\r\\n]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Secret();
}
