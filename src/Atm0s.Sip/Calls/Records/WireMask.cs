using System.Text.RegularExpressions;

namespace Atm0s.Sip.Calls.Records;

/// <summary>Hides what a message may hold of secrets: digest responses, keys of SRTP (RFC 4568 §9.1), digits of an INFO.</summary>
internal static partial class WireMask
{
    private const string Hidden = "***";

    public static string Apply(string message)
    {
        message = Response().Replace(message, $"response=\"{Hidden}\"");
        message = Key().Replace(message, $"inline:{Hidden}");
        var body = message.StartsWith("INFO ", StringComparison.Ordinal) ? message.IndexOf("\r\n\r\n", StringComparison.Ordinal) : -1;
        return body < 0 ? message : message[..body] + Line().Replace(message[body..], static line => WithoutDigit(line.Value));
    }

    // As InfoDigit reads it: a line with a name, or the key alone.
    private static string WithoutDigit(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? Hidden
            : line.AsSpan(0, equals).Trim().Equals("signal", StringComparison.OrdinalIgnoreCase) ? $"Signal={Hidden}"
            : line;
    }

    // RFC 3261 §25.1: EQUAL may have white space on both sides.
    [GeneratedRegex(
        "response\\s*=\\s*(\"[^\"]*\"|[^\\s,\"]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Response();

    [GeneratedRegex("inline:[^\\r\\n|; ]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Key();

    [GeneratedRegex("[^\\r\\n]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Line();
}
