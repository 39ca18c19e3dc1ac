using System.Text.RegularExpressions;

namespace Atm0s.Sip.Calls.Records;

/// <summary>Hides what a message may hold of secrets: digest responses, keys of SRTP (RFC 4568 §9.1), digits of an INFO.</summary>
internal static partial class WireMask
{
    public static string Apply(string message)
    {
        message = Response().Replace(message, "response=\"***\"");
        message = Key().Replace(message, "inline:***");
        return Digit().Replace(message, "Signal=***");
    }

    [GeneratedRegex("response=\"[^\"]*\"", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Response();

    [GeneratedRegex("inline:[^\\r\\n|; ]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Key();

    [GeneratedRegex("^Signal *= *[^\\r\\n]*", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Digit();
}
