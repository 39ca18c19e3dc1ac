using System.Text;
using Atm0s.Sip.LoadGenerator.Native;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Traffic;
using Atm0s.Sip.LoadGenerator.Wire;

namespace Atm0s.Sip.LoadGenerator.Presets;

/// <summary>
/// S7: one datagram of a stranger each, and all that comes back within 64*T1, which would go to whomever he names as himself.
/// </summary>
internal sealed class Amplification(Settings settings) : Preset(settings)
{
    private const double ListenSeconds = 34;
    private const double MaxBytes = 1.5;
    private const double MaxPackets = 1;

    public override string Title => "S7, amplification";

    public override IEnumerable<Verdict> Run(ServerUnderTest server)
    {
        var probes = new List<AmplificationProbe>();
        try
        {
            foreach (var (name, text) in Requests(server))
                probes.Add(new AmplificationProbe(name, text, probes.Count));
            foreach (var probe in probes)
                probe.Ask(server.Target);
            var end = Clock.Now + (long)(ListenSeconds * Clock.Second);
            while (Clock.Now < end)
            {
                foreach (var probe in probes)
                    probe.Hear(server.Target);
                Thread.Sleep(5);
            }

            foreach (var probe in probes)
            {
                Console.Error.WriteLine($"{probe.Name}: {probe.Said} B > {probe.Heard} B in {probe.Packets} packets, {probe.Statuses}");
                yield return Verdict.Max($"S7 {probe.Name}: packets back", probe.Packets, MaxPackets);
                yield return Verdict.Max($"S7 {probe.Name}: bytes back for each", (double)probe.Heard / probe.Said, MaxBytes, "x");
            }
        }
        finally
        {
            foreach (var probe in probes)
                probe.Dispose();
        }
    }

    private static IEnumerable<(string Name, string Text)> Requests(ServerUnderTest server)
    {
        var domain = server.Target.Domain;
        foreach (var (method, uri) in ((string, string)[])
                 [("OPTIONS", $"sip:{domain}"), ("REGISTER", $"sip:{domain}"), ("INVITE", $"sip:{server.ClosedNumber}@{domain}"),
                  ("SUBSCRIBE", $"sip:x@{domain}"), ("BYE", $"sip:x@{domain}"), ("FOO", $"sip:x@{domain}")])
        {
            yield return ($"least {method}", Request(method, uri, ""));
            yield return ($"usual {method}", Request(method, uri,
                $"Contact: <sip:stranger@@SOURCE@>\r\nUser-Agent: some phone 1.2.3\r\nSupported: replaces, timer, outbound\r\n"
                + "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REFER, NOTIFY, MESSAGE, PRACK\r\nExpires: 3600\r\n"));
        }

        yield return ("REGISTER with a wrong password", Request("REGISTER", $"sip:{domain}", "@CREDENTIALS@"));
        yield return ("INVITE with a wrong password", Request("INVITE", $"sip:{server.ClosedNumber}@{domain}", "@CREDENTIALS@"));
        yield return ("open INVITE with an offer of nothing known", Request("INVITE", $"sip:{server.OpenNumber}@{domain}",
            "Content-Type: application/sdp\r\nContact: <sip:stranger@@SOURCE@>\r\n",
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 97\r\n"
            + "a=rtpmap:97 none/8000\r\n"));
        yield return ("malformed", "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP @SOURCE@;branch=z9hG4bKq\r\nCSeq: 1 OPTIONS\r\n\r\n");
    }

    // Call-ID, tag and branch are as short as they can be, for the answer repeats them.
    private static string Request(string method, string uri, string headers, string body = "") =>
        $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP @SOURCE@;rport;branch=z9hG4bKa@N@\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:u000077@127.0.0.1>;tag=a\r\nTo: <{uri}>\r\nCall-ID: a@N@\r\nCSeq: 1 {method}\r\n{headers}"
        + $"Content-Length: {Encoding.ASCII.GetByteCount(body)}\r\n\r\n{body}";
}
