using System.Net;
using System.Text;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Captures;

/// <summary>Captures that we write are read by tshark: each message, over UDP and TCP, with right checksums.</summary>
public sealed class CaptureTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [SetUp]
    public void SetUp() => Prerequisites.Require("tshark");

    [TestCase("192.0.2.7", "10.0.0.1", SipTransportProtocol.Udp)]
    [TestCase("192.0.2.7", "10.0.0.1", SipTransportProtocol.Tcp)]
    [TestCase("2001:db8::7", "2001:db8::1", SipTransportProtocol.Udp)]
    [TestCase("2001:db8::7", "2001:db8::1", SipTransportProtocol.Tcp)]
    public async Task EachMessage_IsRead(string remote, string local, SipTransportProtocol protocol)
    {
        var sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n";
        string[] texts =
        [
            Text("INVITE sip:600@example.com SIP/2.0", "1 INVITE", sdp), Text("SIP/2.0 100 Trying", "1 INVITE"),
            Text("SIP/2.0 200 OK", "1 INVITE", sdp), Text("ACK sip:600@10.0.0.1 SIP/2.0", "1 ACK"),
            // As long as a datagram can carry over UDP; over TCP several segments.
            Text("MESSAGE sip:600@10.0.0.1 SIP/2.0", "2 MESSAGE", new string('x', 50_000)),
            Text("BYE sip:600@10.0.0.1 SIP/2.0", "3 BYE"), Text("SIP/2.0 200 OK", "3 BYE"),
        ];
        // Ports that nobody knows for SIP: it is found by what it looks like.
        var entries = texts.Select((text, i) => new WireTraceEntry(
            At.AddMilliseconds(i), text.StartsWith("SIP", StringComparison.Ordinal), "", text)
        {
            Protocol = protocol,
            Local = new IPEndPoint(IPAddress.Parse(local), 15_062),
            Remote = new IPEndPoint(IPAddress.Parse(remote), 15_080),
        });
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "call.pcap");
        await using (var stream = File.Create(file))
            PcapWriter.Write(stream, entries);

        string[] check = ["-r", file, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"];
        var sum = protocol == SipTransportProtocol.Udp ? "udp.checksum.status" : "tcp.checksum.status";
        var read = await TsharkAsync([.. check, "-Y", $"sip && {sum}==Good", "-T", "fields", "-e", "sip.CSeq", "-e", "sip.Status-Code"]);
        Assert.That(read.Split('\n'), Is.EqualTo(new[]
        {
            "1 INVITE\t", "1 INVITE\t100", "1 INVITE\t200", "1 ACK\t", "2 MESSAGE\t", "3 BYE\t", "3 BYE\t200",
        }));
        Assert.That(
            await TsharkAsync([.. check, "-Y", $"ip.checksum.status==Bad || {sum}==Bad || _ws.malformed || tcp.analysis.flags"]), Is.Empty);
    }

    private static string Text(string first, string sequence, string body = "") =>
        $"{first}\r\nVia: SIP/2.0/UDP 192.0.2.7:15080;branch=z9hG4bK{sequence[0]}\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:a@example.com>;tag=1\r\nTo: <sip:600@example.com>\r\nCall-ID: c1\r\nCSeq: {sequence}\r\n"
        + (body.StartsWith("v=", StringComparison.Ordinal) ? "Content-Type: application/sdp\r\n"
            : body.Length > 0 ? "Content-Type: text/plain\r\n" : "")
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    private static async Task<string> TsharkAsync(params string[] arguments)
    {
        await using var tshark = ChildProcess.Start("tshark", "tshark", arguments);
        Assert.That(await tshark.WaitForExitAsync(TimeSpan.FromMinutes(2)), Is.Zero, tshark.Errors.ToString());
        return string.Join('\n', tshark.Output.Lines);
    }
}
