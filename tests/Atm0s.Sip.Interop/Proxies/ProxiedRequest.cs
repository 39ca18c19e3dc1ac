using System.Text.RegularExpressions;

namespace Atm0s.Sip.Interop.Proxies;

/// <summary>A request as a proxy took it.</summary>
/// <param name="Method">Its method.</param>
/// <param name="CSeq">The number of its CSeq.</param>
/// <param name="HasToTag">Whether it is inside a dialog, or ends a transaction.</param>
/// <param name="Route">Its Route header, empty without one.</param>
/// <param name="Branch">The branch of its topmost Via.</param>
/// <param name="CallId">Its Call-ID.</param>
internal sealed partial record ProxiedRequest(string Method, int CSeq, bool HasToTag, string Route, string Branch, string CallId)
{
    /// <summary>Reads a line of the proxy's log; null when it tells something else.</summary>
    public static ProxiedRequest? Parse(string line)
    {
        var match = Form().Match(line);
        if (!match.Success)
            return null;
        return new ProxiedRequest(
            match.Groups["method"].Value,
            int.Parse(match.Groups["cseq"].ValueSpan),
            Value("totag").Length > 0,
            Value("route"),
            Value("branch"),
            Value("call"));

        string Value(string name) => match.Groups[name].Value is var value && value == "<null>" ? "" : value;
    }

    [GeneratedRegex(
        @": took method=(?<method>\S+) cseq=(?<cseq>\d+) totag=(?<totag>\S+) user=\S+ route=(?<route>.*) "
        + @"via=[^,]*branch=(?<branch>[^;,\s]+).* call=(?<call>\S+)$")]
    private static partial Regex Form();
}
