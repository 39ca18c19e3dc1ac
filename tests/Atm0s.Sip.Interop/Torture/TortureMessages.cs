using System.Text;
using System.Text.RegularExpressions;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Torture;

/// <summary>The messages of RFC 4475 and RFC 5118, and what may be answered.</summary>
internal static partial class TortureMessages
{
    // What may be answered on UDP, from the third column but one of tests/data/rfc4475/expected.tsv. "-": no answer at all.
    // "!400": anything but 400 and 5xx, for requests that are to be processed: what our server then says of
    // example.com's users (200, 401, 403, 404, 488) is its policy.
    public static readonly IReadOnlyDictionary<string, string> Rfc4475 = new Dictionary<string, string>
    {
        ["wsinv"] = "!400", ["intmeth"] = "501 405", ["esc01"] = "!400", ["escnull"] = "!400", ["esc02"] = "501 405",
        ["lwsdisp"] = "200 404", ["longreq"] = "!400", ["dblreq"] = "!400", ["semiuri"] = "200 404", ["transports"] = "200 404",
        ["mpart01"] = "200 405 501 415", ["unreason"] = "-", ["noreason"] = "-", ["badinv01"] = "400", ["clerr"] = "400",
        ["ncl"] = "400", ["scalar02"] = "400", ["scalarlg"] = "-", ["quotbal"] = "400", ["ltgtruri"] = "400", ["lwsruri"] = "400",
        ["lwsstart"] = "400 !400", ["trws"] = "400 200 404", ["escruri"] = "400 !400", ["baddate"] = "400 !400", ["regbadct"] = "400 401",
        ["badaspec"] = "400 200 404", ["baddn"] = "400 200 404", ["badvers"] = "505", ["mismatch01"] = "400", ["mismatch02"] = "501 400",
        ["bigcode"] = "-", ["badbranch"] = "400 200 404", ["insuf"] = "400", ["unkscm"] = "416", ["novelsc"] = "416 404",
        ["unksm2"] = "400 401 404", ["bext01"] = "420", ["invut"] = "415", ["regaut01"] = "401", ["multi01"] = "400", ["mcl01"] = "400",
        ["bcast"] = "-", ["zeromf"] = "200 483 404", ["cparam01"] = "!400", ["cparam02"] = "!400", ["regescrt"] = "!400",
        ["sdp01"] = "406 400 401 404", ["inv2543"] = "!400",
    };

    /// <summary>Over a connection, where it differs: what has no usable Content-Length cannot be followed (RFC 3261 §18.3).</summary>
    public static readonly IReadOnlyDictionary<string, string> Rfc4475OverTcp = new Dictionary<string, string>(Rfc4475)
    {
        // The rest is waited for: of the body, and of the header, whose blank line is not in the file.
        ["clerr"] = "-", ["baddn"] = "-",
        // No Content-Length at all.
        ["inv2543"] = "400",
    };

    /// <summary>RFC 5118 §4: all are to be processed but the one whose Request-URI lacks the brackets.</summary>
    public static readonly IReadOnlyDictionary<string, string> Rfc5118 = new Dictionary<string, string>
    {
        ["ipv6-good"] = "!400", ["ipv6-bad"] = "400", ["port-ambiguous"] = "!400", ["port-unambiguous"] = "!400",
        ["via-received-param-with-delim"] = "!400", ["via-received-param-no-delim"] = "!400", ["ipv6-in-sdp"] = "!400",
        ["mult-ip-in-header"] = "!400", ["mult-ip-in-sdp"] = "!400", ["ipv4-mapped-ipv6"] = "!400",
        ["ipv6-bug-abnf-3-colons"] = "400 !400", ["ipv6-correct-abnf-2-colons"] = "!400",
    };

    /// <summary>A message of RFC 4475, byte for byte.</summary>
    public static byte[] Read4475(string name) => File.ReadAllBytes(TestData.PathOf("rfc4475", name + ".dat"));

    /// <summary>
    /// A message of RFC 5118. The archive of the RFC has bare LF, lacks some blank lines, and counts its bodies otherwise than they are.
    /// </summary>
    public static byte[] Read5118(string name)
    {
        var text = Encoding.ASCII.GetString(File.ReadAllBytes(TestData.PathOf("rfc5118", name))).ReplaceLineEndings("\r\n");
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return Encoding.ASCII.GetBytes(text + "\r\n");
        var header = ContentLength().Replace(text[..end], $"Content-Length: {text.Length - end - 4}");
        return Encoding.ASCII.GetBytes(header + text[end..]);
    }

    [GeneratedRegex("Content-Length: [0-9]+")]
    private static partial Regex ContentLength();
}
