using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3261-8.2")]
public class UasInspectionTests
{
    private const string Sdp = "Content-Type: application/sdp";

    private static readonly UasCapabilities Able = new(
        [SipMethod.Invite, SipMethod.Ack, SipMethod.Cancel, SipMethod.Bye, SipMethod.Message],
        ["100rel", "timer"],
        ["application/sdp", "text/plain"],
        ["gzip"]);

    [TestCase("INVITE")]
    [TestCase("BYE")]
    [TestCase("MESSAGE")]
    public void Inspect_NothingUnusual_Ok(string method)
    {
        var verdict = Inspect(Msg.Request(method));

        Assert.That(verdict.IsOk, Is.True);
        Assert.That((verdict.StatusCode, verdict.Header), Is.EqualTo((0, SipHeaderId.Other)));
    }

    [TestCase("REGISTER", 405)]
    [TestCase("FOO", 501)]
    [TestCase("invite", 501)]
    [Property("rfc", "3261-8.2.1")]
    public void Inspect_MethodNotSupported_WithAllow(string method, int status) =>
        Expect(Inspect(Msg.Request(method)), status, "Allow: INVITE, ACK, CANCEL, BYE, MESSAGE");

    [TestCase("http://biloxi.example", 416)]
    [TestCase("tel:+358555", 416)]
    [TestCase("unknown:x", 416)]
    [TestCase("SIPS:bob@biloxi.example", 0)]
    [Property("rfc", "3261-8.2.2.1")]
    public void Inspect_Scheme(string uri, int status) =>
        Assert.That(Inspect(Msg.Request("INVITE", uri: uri)).StatusCode, Is.EqualTo(status));

    [Test]
    public void Inspect_TelWhereAllowed_Ok()
    {
        using var request = Msg.Request("INVITE", uri: "tel:+358555");

        Assert.That(UasInspection.Inspect(request, new UasCapabilities([SipMethod.Invite], [], [], allowTel: true)).IsOk, Is.True);
    }

    [Test]
    [Property("rfc", "3261-8.2.2.3")]
    public void Inspect_Require_420ListsOnlyTheUnknown()
    {
        Expect(Inspect(Msg.Request("INVITE", extra: "Require: 100rel, foo\nRequire: TIMER, bar")), 420, "Unsupported: foo, bar");
        Assert.That(Inspect(Msg.Request("INVITE", extra: "Require: 100REL")).IsOk, Is.True);
        Assert.That(Inspect(Msg.Request("CANCEL", extra: "Require: foo")).IsOk, Is.True, "ignored in CANCEL");
        Assert.That(Inspect(Msg.Request("INVITE", extra: "Supported: foo\nProxy-Require: foo")).IsOk, Is.True);
    }

    [TestCase("Content-Type: application/foo")]
    [TestCase("Content-Type: application/sdpx; charset=utf-8")]
    [TestCase("")]
    [Property("rfc", "3261-8.2.3")]
    public void Inspect_BodyType_415WithAccept(string extra) =>
        Expect(Inspect(Msg.Request("INVITE", extra: extra, body: "v=0")), 415, "Accept: application/sdp, text/plain");

    [TestCase("Content-Type: application/foo\nContent-Disposition: session;handling=optional")]
    [TestCase("Content-Type: application/foo\nContent-Disposition: session ; x=y ; Handling = OPTIONAL")]
    [TestCase("Content-Type: APPLICATION/SDP ; charset=utf-8")]
    [TestCase("c: text/plain")]
    [TestCase(Sdp + "\nContent-Encoding: identity")]
    [TestCase(Sdp + "\nContent-Encoding: GZIP")]
    public void Inspect_BodyUnderstoodOrOptional_Ok(string extra) =>
        Assert.That(Inspect(Msg.Request("INVITE", extra: extra, body: "v=0")).IsOk, Is.True);

    [Test]
    public void Inspect_NoBody_TypeDoesNotMatter() =>
        Assert.That(Inspect(Msg.Request("INVITE", extra: "Content-Type: application/foo")).IsOk, Is.True);

    [Test]
    [Property("rfc", "3261-8.2.3")]
    public void Inspect_Encoding_415WithAcceptEncoding() =>
        Expect(Inspect(Msg.Request("INVITE", extra: Sdp + "\nContent-Encoding: gzip, br", body: "v=0")), 415,
            "Accept-Encoding: gzip, identity");

    [TestCase("Accept: application/foo", 406)]
    [TestCase("Accept: image/*, text/html", 406)]
    [TestCase("Accept: */*", 0)]
    [TestCase("Accept: application/foo, Text/*;q=0.1", 0)]
    [TestCase("Accept: APPLICATION/SDP", 0)]
    [TestCase("Accept:", 0)]
    [Property("rfc", "3261-21.4.7")]
    public void Inspect_Accept(string extra, int status) =>
        Assert.That(Inspect(Msg.Request("INVITE", extra: extra)).StatusCode, Is.EqualTo(status));

    [Test]
    public void Inspect_OrderOfTheSection()
    {
        const string all = "Require: foo\nContent-Type: application/foo\nAccept: image/png";

        Assert.That(Inspect(Msg.Request("REGISTER", uri: "http://x", extra: all, body: "b")).StatusCode, Is.EqualTo(405));
        Assert.That(Inspect(Msg.Request("INVITE", uri: "http://x", extra: all, body: "b")).StatusCode, Is.EqualTo(416));
        Assert.That(Inspect(Msg.Request("INVITE", extra: all, body: "b")).StatusCode, Is.EqualTo(420));
        Assert.That(Inspect(Msg.Request("INVITE", extra: all.Replace("foo\nC", "timer\nC", StringComparison.Ordinal), body: "b"))
            .StatusCode, Is.EqualTo(415));
    }

    private static UasVerdict Inspect(SipMessage request)
    {
        using (request)
            return UasInspection.Inspect(request, Able);
    }

    private static void Expect(UasVerdict verdict, int status, string header)
    {
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        verdict.WriteHeaders(ref writer);

        Assert.That(verdict.StatusCode, Is.EqualTo(status));
        Assert.That(Msg.Text(buffer.WrittenSpan), Is.EqualTo(header + "\r\n"));
    }
}
