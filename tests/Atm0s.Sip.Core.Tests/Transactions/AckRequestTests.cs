using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

[TestFixture]
[Property("rfc", "3261-17.1.1.3")]
public class AckRequestTests
{
    private const string Extra =
        "Via: SIP/2.0/UDP second.example;branch=z9hG4bKother\nRoute: <sip:p1.example;lr>, <sip:p2.example;lr>\nRoute: <sip:p3.example;lr>\n"
        + "Contact: <sip:alice@pc.atlanta.example>\nProxy-Authorization: Digest username=\"a\"\nAuthorization: Digest username=\"b\"\n"
        + "Require: 100rel\nContent-Type: text/plain";

    [Test]
    public void TryCreate_TakesOverWhatTheSectionSays()
    {
        var invite = Msg.Bytes("INVITE", cseq: 77, extra: Extra, body: "hello");
        using var response = Msg.Response(486, toTag: "remote", cseq: 77);

        Assert.That(AckRequest.TryCreate(invite, response, out var ack), Is.True);

        Assert.That(Msg.StartLine(ack), Is.EqualTo("ACK sip:bob@biloxi.example SIP/2.0"));
        Assert.That(Msg.Lines(ack, "Via"), Is.EqualTo(new[] { $"SIP/2.0/UDP pc.atlanta.example:5060;branch={Msg.Branch}" }));
        Assert.That(Msg.Lines(ack, "Route"), Is.EqualTo(new[] { "<sip:p1.example;lr>, <sip:p2.example;lr>", "<sip:p3.example;lr>" }));
        Assert.That(Msg.Lines(ack, "From"), Is.EqualTo(new[] { "<sip:alice@atlanta.example>;tag=f1" }));
        Assert.That(Msg.Lines(ack, "To"), Is.EqualTo(new[] { "<sip:bob@biloxi.example>;tag=remote" }));
        Assert.That(Msg.Lines(ack, "Call-ID"), Is.EqualTo(new[] { "c1" }));
        Assert.That(Msg.Lines(ack, "CSeq"), Is.EqualTo(new[] { "77 ACK" }));
        Assert.That(Msg.Lines(ack, "Max-Forwards"), Is.EqualTo(new[] { "70" }));
        Assert.That(Msg.Lines(ack, "Content-Length"), Is.EqualTo(new[] { "0" }));
        Assert.That(Msg.Lines(ack, "Contact"), Is.Empty);
        Assert.That(Msg.Lines(ack, "Require"), Is.Empty);
        Assert.That(Msg.Lines(ack, "Content-Type"), Is.Empty);
    }

    [Test]
    [Property("rfc", "3261-22.1")]
    public void TryCreate_RepeatsTheCredentials()
    {
        using var response = Msg.Response(486);

        AckRequest.TryCreate(Msg.Bytes("INVITE", extra: Extra), response, out var ack);

        Assert.That(Msg.Lines(ack, "Proxy-Authorization"), Is.EqualTo(new[] { "Digest username=\"a\"" }));
        Assert.That(Msg.Lines(ack, "Authorization"), Is.EqualTo(new[] { "Digest username=\"b\"" }));
    }

    [Test]
    public void TryCreate_MatchesTheServerTransactionOfItsInvite()
    {
        using var invite = Msg.Request("INVITE");
        using var response = Msg.Response(486);
        AckRequest.TryCreate(invite.Raw, response, out var bytes);
        using var ack = Msg.Parse(bytes);

        Assert.That(TransactionKey.ForRequest(ack), Is.EqualTo(TransactionKey.ForRequest(invite)));
    }

    [Test]
    public void TryCreate_InviteLargerThanWeWouldReceive_IsStillAcknowledged()
    {
        var extra = string.Join('\n', Enumerable.Range(0, 400).Select(i => $"X-{i}: {i}")) + "\nX-Long: " + new string('x', 9000);
        var invite = Msg.Bytes(
            "INVITE", uri: "sip:bob@biloxi.example;x=" + new string('x', 3000), extra: extra, body: new string('b', 70_000));
        using var response = Msg.Response(486);

        Assert.That(AckRequest.TryCreate(invite, response, out var ack), Is.True);
        Assert.That(Msg.Lines(ack, "CSeq"), Is.EqualTo(new[] { "1 ACK" }));
        Assert.That(CancelRequest.TryCreate(invite, out _), Is.True);
    }

    [Test]
    public void TryCreate_NoInvite_False()
    {
        using var response = Msg.Response(486);

        Assert.That(AckRequest.TryCreate(Msg.Bytes("OPTIONS"), response, out _), Is.False);
        Assert.That(AckRequest.TryCreate("garbage"u8, response, out _), Is.False);
        Assert.That(AckRequest.TryCreate(default, response, out _), Is.False);
    }
}
