using System.Net;
using System.Text.RegularExpressions;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Session descriptions as text, written and read by plain means.</summary>
internal static class SdpText
{
    /// <summary>A description with one audio stream.</summary>
    /// <param name="types">Payload types.</param>
    /// <param name="connection">Value of c=, below <c>IN</c>.</param>
    /// <param name="port">RTP port.</param>
    /// <param name="lines">More lines of the stream.</param>
    public static string Of(string types = "8 101", string connection = "IP4 10.0.2.1", int port = 4000, params string[] lines) =>
        string.Join(
            "\r\n",
            [
                "v=0", "o=- 1 1 IN IP4 10.0.2.1", "s=-", "t=0 0", $"m=audio {port} RTP/AVP {types}", $"c=IN {connection}",
                "a=rtpmap:101 telephone-event/8000", "a=rtpmap:111 opus/48000/2", .. lines, "",
            ]);

    /// <summary>What the payload types of a description mean.</summary>
    public static Dictionary<string, string> Map(SipText message) =>
        Regex.Matches(message.Body, @"a=rtpmap:(\d+) (\S+)").ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    /// <summary>Where a description wants its RTP.</summary>
    public static IPEndPoint Rtp(SipText message) =>
        new(
            IPAddress.Parse(Regex.Match(message.Body, @"c=IN IP[46] (\S+)").Groups[1].Value),
            int.Parse(Regex.Match(message.Body, @"m=audio (\d+)").Groups[1].Value));
}
