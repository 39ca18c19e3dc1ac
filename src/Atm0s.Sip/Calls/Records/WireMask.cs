using System.Text;
using System.Text.RegularExpressions;

namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// Hides what a message may hold of secrets: digest responses, tokens (RFC 8898 §2), passwords in URIs (RFC 3261 §19.1.1), keys of SRTP
/// (RFC 4568 §9.1), digits of an INFO. Its length stays, so that it fits its Content-Length.
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
        if (!text.StartsWith("INFO ", StringComparison.Ordinal))
            return;
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (body < 0)
            return;
        // As InfoDigit reads it: a line with a name, or the key alone.
        foreach (Match match in Digit().Matches(text, body + 4))
            Hide(message, match);
    }

    private static void Hide(Span<byte> message, Match match)
    {
        var secret = match.Groups["s"];
        message.Slice(secret.Index, secret.Length).Fill((byte)'*');
    }

    // RFC 3261 §25.1: EQUAL may have white space on both sides.
    [GeneratedRegex(
        "response\\s*=\\s*(?:\"(?<s>[^\"]*)\"|(?<s>[^\\s,\"]+))"
        + "|authorization\\s*:\\s*(?:bearer|basic)\\s+(?<s>[^\\s,]+)"
        + "|sips?:[^@\\s:;<>\"]+:(?<s>[^@\\s<>\";?/]+)@"
        + "|inline:(?<s>[^\\r\\n|; ]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Secret();

    [GeneratedRegex(
        "^[ \\t]*signal[ \\t]*=(?<s>[^\\r\\n]*)|^(?<s>[^=\\r\\n]+)\\r?$",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Digit();
}
