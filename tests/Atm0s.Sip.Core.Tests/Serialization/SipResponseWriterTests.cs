using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Tests.Parsing;

namespace Atm0s.Sip.Core.Tests.Serialization;

/// <summary>What a response takes over from its request (RFC 3261 §8.2.6.2).</summary>
public class SipResponseWriterTests
{
    private const string Invite = "INVITE sip:b@h SIP/2.0\r\n";

    [Test]
    public void Vias_From_To_CallID_and_CSeq_are_those_of_the_request()
    {
        using var request = Parsed.Ok(Views.Bytes(
            Invite + "v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;x=y, SIP/2.0/TCP two;branch=2\r\nVia: SIP/2.0/TLS three;branch=3\r\n"
            + "f: \"A, B\" <sip:a@h>;tag=1;x=y\r\nt: Bob <sip:b@h>;q=1\r\ni: id@h\r\nCSeq:  9   INVITE\r\nTimestamp: "
                + "1.5\r\nRecord-Route: <sip:p1;lr>\r\nRecord-Route: <sip:p2;lr>\r\n\r\n"));
        Assert.That(Response(request, 200, "tt"), Is.EqualTo(
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;x=y, SIP/2.0/TCP two;branch=2\r\nVia: SIP/2.0/TLS "
                + "three;branch=3\r\n"
            + "Record-Route: <sip:p1;lr>\r\nRecord-Route: <sip:p2;lr>\r\n"
            + "From: \"A, B\" <sip:a@h>;tag=1;x=y\r\nTo: Bob <sip:b@h>;q=1;tag=tt\r\nCall-ID: id@h\r\nCSeq: 9   "
                + "INVITE\r\nContent-Length: 0\r\n\r\n"));
    }

    [Test]
    public void Trying_has_no_tag_of_ours_and_gives_Timestamp_back()
    {
        using var request = Parsed.Request("Timestamp: 1.5");
        var text = Response(request, 100, "tt");
        Assert.That(text, Does.Contain("Timestamp: 1.5\r\n").And.Not.Contain("tt"));
    }

    [Test]
    public void Tag_of_To_is_kept()
    {
        using var request = Parsed.Request("To: <sip:b@h>;tag=theirs");
        Assert.That(Response(request, 200, "ours"), Does.Contain("To: <sip:b@h>;tag=theirs\r\n").And.Not.Contain("ours"));
    }

    [TestCase(200, true)]
    [TestCase(180, true)]
    [TestCase(100, false)]
    [TestCase(486, false)]
    public void Record_Route_goes_where_a_dialog_begins(int status, bool copied)
    {
        using var request = Parsed.Ok(TestData.Read("messages", "invite.sip"));
        Assert.That(
            Response(request, status, "t")
            .Contains("Record-Route: <sip:198.51.100.7;lr;ftag=a5f1c9d27e;did=3b1.6c21>\r\n", StringComparison.Ordinal),
            Is.EqualTo(copied));
    }

    // RFC 3261 §18.2.1, RFC 3581 §4
    [TestCase("192.0.2.1:5062;branch=b", "192.0.2.1", "192.0.2.1:5062;branch=b")]
    [TestCase("192.0.2.1:5062;branch=b", "192.0.2.9", "192.0.2.1:5062;branch=b;received=192.0.2.9")]
    [TestCase("phone.example;branch=b", "192.0.2.9", "phone.example;branch=b;received=192.0.2.9")]
    [TestCase("192.0.2.1;rport;branch=b", "192.0.2.1", "192.0.2.1;branch=b;received=192.0.2.1;rport=4711")]
    [TestCase("192.0.2.1;branch=b;RPort=1;x", "192.0.2.9", "192.0.2.1;branch=b;x;received=192.0.2.9;rport=4711")]
    [TestCase("192.0.2.1;received=6.6.6.6;branch=b;rport", "192.0.2.9", "192.0.2.1;branch=b;received=192.0.2.9;rport=4711")]
    [TestCase("192.0.2.1 ; rport ; branch = b", "::ffff:192.0.2.9", "192.0.2.1; branch = b;received=192.0.2.9;rport=4711")]
    [TestCase("192.0.2.1;branch=b", "::ffff:192.0.2.1", "192.0.2.1;branch=b")]
    [TestCase("[2001:DB8::1];branch=b", "2001:db8::1", "[2001:DB8::1];branch=b")]
    [TestCase("[2001:db8::1];branch=b", "fe80::7%3", "[2001:db8::1];branch=b;received=fe80::7")]
    [TestCase("192.0.2.1", "192.0.2.9", "192.0.2.1;received=192.0.2.9")]
    public void Received_and_rport_are_filled_into_the_first_Via(string sent, string source, string answered)
    {
        using var request = Parsed.Request($"Via: SIP/2.0/UDP {sent} , SIP/2.0/UDP next;rport");
        request.RemoteEndPoint = new IPEndPoint(IPAddress.Parse(source), 4711);
        var line = Response(request, 200, "t").Split("\r\n")[1];
        Assert.That(
            line, Does.Match($"^{System.Text.RegularExpressions.Regex.Escape($"Via: SIP/2.0/UDP {answered}")} *, SIP/2.0/UDP next;rport$"));
    }

    [Test]
    public void Escaped_control_characters_of_a_display_name_come_back()
    {
        using var request = Parsed.Ok(TestData.Read("rfc4475", "intmeth.dat"));
        var bytes = SipResponseWriter.Create(request, 501, null, "t");
        Assert.That(bytes.AsSpan().IndexOf("To: \"BEL:\\\u0007 NUL:\\\0 DEL:\\\u007f\" <sip:"u8), Is.GreaterThan(0));
        using var response = Parsed.Ok(bytes);
        Assert.That(Views.Text(response.ToTag), Is.EqualTo("t"));
    }

    [Test]
    public void To_that_cannot_be_read_gets_no_tag()
    {
        Assert.That(
            SipParser.TryParse(
            Views.Bytes(Parsed.Text("To: \"x <sip:b@h>", "Bad Name: x")), SipLimits.Default, false, out var request, out _), Is.True);
        using (request)
            Assert.That(Response(request!, 400, "ours"), Does.Contain("To: \"x <sip:b@h>\r\n"));
    }

    [Test]
    public void Every_refused_message_of_the_corpora_can_be_answered()
    {
        string[] folders = ["rfc4475", "rfc5118", "advisory", "messages"];
        var answered = 0;
        foreach (var (folder, file) in folders.SelectMany(d => TestData.Files(d).Select(f => (d, f))))
        {
            if (!SipParser.TryParse(TestData.Read(folder, file), SipLimits.Default, isStream: false, out var request, out var refusal))
                continue;
            using (request)
            {
                if (request.IsResponse)
                    continue;
                request.RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 9);
                var status = refusal == SipRefusal.None ? 200 : refusal.ToStatusCode();
                var text = Views.Text(SipResponseWriter.Create(request, status, refusal.ToReason(), "t"));
                Assert.That(
                    text, Does.StartWith($"SIP/2.0 {status} ").And.Contain("\r\nVia: ").And.EndWith("\r\nContent-Length: 0\r\n\r\n"), file);
                answered++;
            }
        }

        Assert.That(answered, Is.GreaterThan(55));
    }

    [Test]
    public void Reason_phrase_of_every_status_is_there()
    {
        for (var status = 100; status < 700; status++)
            Assert.That(SipReasonPhrases.Get(status), Does.Match("^[A-Z][A-Za-z/ -]+$"));
    }

    private static string Response(SipMessage request, int status, string tag) =>
        Views.Text(SipResponseWriter.Create(request, status, null, tag));
}
