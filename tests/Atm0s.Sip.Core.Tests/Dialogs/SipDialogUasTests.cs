using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3261-12.1.1")]
public class SipDialogUasTests
{
    private const string Contact = "Contact: \"A\" <sip:alice@pc.atlanta.example;x=y>;expires=5";

    [Test]
    public void FromUas_State()
    {
        var dialog = Make(Contact, cseq: 7);

        Assert.That(dialog.State, Is.EqualTo(DialogState.Early));
        Assert.That(Msg.Text(dialog.CallId), Is.EqualTo("c1"));
        Assert.That(Msg.Text(dialog.LocalTag), Is.EqualTo("L1"));
        Assert.That(Msg.Text(dialog.RemoteTag), Is.EqualTo("f1"));
        Assert.That(Msg.Text(dialog.LocalUri), Is.EqualTo("sip:bob@biloxi.example"));
        Assert.That(Msg.Text(dialog.RemoteUri), Is.EqualTo("sip:alice@atlanta.example"));
        Assert.That(Msg.Text(dialog.RemoteTarget), Is.EqualTo("sip:alice@pc.atlanta.example;x=y"));
        Assert.That(dialog.RemoteCSeq, Is.EqualTo(7u));
        Assert.That(dialog.LocalCSeq, Is.Null);
        Assert.That((dialog.OwnsCallId, dialog.IsSecure, dialog.RouteCount), Is.EqualTo((false, false, 0)));
        dialog.Confirm();
        Assert.That(dialog.State, Is.EqualTo(DialogState.Confirmed));
        dialog.Terminate();
        dialog.Confirm();
        Assert.That(dialog.State, Is.EqualTo(DialogState.Terminated));
    }

    [Test]
    public void FromUas_RouteSetInOrderWithAllParameters()
    {
        var dialog = Make(
            Contact + "\nRecord-Route: <sip:p1.example;lr;a=b>;c=d, <sip:p2.example;lr>\nRecord-Route: \"P, 3\" <sip:p3.example;lr>");

        var text = Msg.Text(dialog.Write(SipMethod.Bye));

        Assert.That(Msg.Lines(dialog.Write(SipMethod.Bye), "Route"), Is.EqualTo(new[]
        {
            "<sip:p1.example;lr;a=b>;c=d", "<sip:p2.example;lr>", "\"P, 3\" <sip:p3.example;lr>",
        }));
        Assert.That(text, Does.StartWith("BYE sip:alice@pc.atlanta.example;x=y SIP/2.0\r\n"));
        Assert.That(Msg.Text(dialog.NextHop), Is.EqualTo("sip:p1.example;lr;a=b"));
    }

    [Test]
    [Property("rfc", "3261-12.2.1.1")]
    public void Write_FromAndToChangeSides()
    {
        var bye = Make(Contact).Write(SipMethod.Bye);

        Assert.That(Msg.Lines(bye, "From"), Is.EqualTo(new[] { "<sip:bob@biloxi.example>;tag=L1" }));
        Assert.That(Msg.Lines(bye, "To"), Is.EqualTo(new[] { "<sip:alice@atlanta.example>;tag=f1" }));
        Assert.That(Msg.Lines(bye, "Call-ID"), Is.EqualTo(new[] { "c1" }));
        Assert.That(Msg.Lines(bye, "Max-Forwards"), Is.EqualTo(new[] { "70" }));
        using var parsed = Msg.Parse(bye);
        Assert.That(parsed.CSeqNumber, Is.GreaterThan(0u));
    }

    [Test]
    public void FromUas_Rfc2543PeerWithoutTag_ToHasNone()
    {
        using var invite = Msg.Request("INVITE", fromTag: null, extra: Contact);
        var dialog = SipDialog.FromUas(invite, "L1"u8)!;

        Assert.That(dialog.RemoteTag.IsEmpty, Is.True);
        Assert.That(Msg.Lines(dialog.Write(SipMethod.Bye), "To"), Is.EqualTo(new[] { "<sip:alice@atlanta.example>" }));
    }

    [TestCase("")]
    [TestCase("Contact: *")]
    [TestCase("Contact: <mailto:alice@atlanta.example>")]
    [TestCase(Contact + "\nRecord-Route: nonsense")]
    [TestCase(Contact + "\nRecord-Route: <sip:p1.example;lr>, <sip:>")]
    public void FromUas_NoUsableContactOrRoute_Null(string extra)
    {
        using var invite = Msg.Request("INVITE", extra: extra);

        Assert.That(SipDialog.FromUas(invite, "L1"u8), Is.Null);
    }

    [Test]
    public void FromUas_NoLocalTag_Throws()
    {
        using var invite = Msg.Request("INVITE", extra: Contact);

        Assert.That(() => SipDialog.FromUas(invite, default), Throws.ArgumentException);
    }

    [TestCase("sips:bob@biloxi.example", true, true)]
    [TestCase("sips:bob@biloxi.example", false, false)]
    [TestCase("sip:bob@biloxi.example", true, false)]
    public void FromUas_Secure_SipsOverTls(string uri, bool overTls, bool isSecure)
    {
        using var invite = Msg.Request("INVITE", uri: uri, extra: Contact);

        Assert.That(SipDialog.FromUas(invite, "L1"u8, overTls)!.IsSecure, Is.EqualTo(isSecure));
    }

    [TestCase("sips:bob@biloxi.example", Contact, true)]
    [TestCase("sip:bob@biloxi.example", Contact, false)]
    [TestCase("sip:bob@biloxi.example", Contact + "\nRecord-Route: <sips:p.example;lr>", true)]
    [TestCase("sip:bob@biloxi.example", "Contact: <sips:a@b.example>\nRecord-Route: <sip:p.example;lr>", false)]
    [TestCase("sip:bob@biloxi.example", "Contact: <sips:a@b.example>", true)]
    public void NeedsSipsContact_AsTheSectionSays(string uri, string extra, bool needs)
    {
        using var invite = Msg.Request("INVITE", uri: uri, extra: extra);

        Assert.That(SipDialog.NeedsSipsContact(invite), Is.EqualTo(needs));
    }

    [Test]
    [Property("rfc", "3261-12.2.2")]
    public void OnRequest_CSeqOrder()
    {
        var dialog = Make(Contact, cseq: 10);

        Assert.That(Receive(dialog, "INFO", 11), Is.EqualTo(DialogRequestResult.Ok));
        Assert.That(Receive(dialog, "INFO", 20), Is.EqualTo(DialogRequestResult.Ok), "a gap is fine");
        Assert.That(Receive(dialog, "INFO", 20), Is.EqualTo(DialogRequestResult.OutOfOrder));
        Assert.That(Receive(dialog, "INFO", 19), Is.EqualTo(DialogRequestResult.OutOfOrder));
        Assert.That(Receive(dialog, "ACK", 10), Is.EqualTo(DialogRequestResult.Ok));
        Assert.That(Receive(dialog, "CANCEL", 30), Is.EqualTo(DialogRequestResult.Ok));
        Assert.That(dialog.RemoteCSeq, Is.EqualTo(20u));
    }

    [Test]
    public void OnRequest_NotOfThisDialog_OrOver()
    {
        var dialog = Make(Contact);
        using var otherTag = Msg.Request("BYE", toTag: "L2", cseq: 5);
        using var otherFrom = Msg.Request("BYE", toTag: "L1", fromTag: "f2", cseq: 5);
        using var otherCall = Msg.Request("BYE", toTag: "L1", callId: "C1", cseq: 5);
        Assert.That(dialog.OnRequest(otherTag), Is.EqualTo(DialogRequestResult.NoDialog));
        Assert.That(dialog.OnRequest(otherFrom), Is.EqualTo(DialogRequestResult.NoDialog));
        Assert.That(dialog.OnRequest(otherCall), Is.EqualTo(DialogRequestResult.NoDialog));
        Assert.That(dialog.RemoteCSeq, Is.EqualTo(1u));

        dialog.Terminate();
        Assert.That(Receive(dialog, "BYE", 6), Is.EqualTo(DialogRequestResult.NoDialog));
    }

    [Test]
    [Property("rfc", "3261-12.2.2")]
    public void RefreshTarget_TargetRefreshRequestsOnly()
    {
        var dialog = Make(Contact);
        using var info = Msg.Request("INFO", extra: "Contact: <sip:new@x.example>");
        using var bare = Msg.Request("INVITE");
        using var reinvite = Msg.Request("INVITE", extra: "Contact: <sip:new@x.example?Subject=a>");
        using var update = Msg.Request("UPDATE", extra: "Contact: sip:newer@x.example;expires=3");

        Assert.That(dialog.RefreshTarget(info), Is.False);
        Assert.That(dialog.RefreshTarget(bare), Is.False);
        Assert.That(dialog.RefreshTarget(reinvite), Is.True);
        Assert.That(dialog.RefreshTarget(reinvite), Is.False);
        Assert.That(Msg.StartLine(dialog.Write(SipMethod.Bye)), Is.EqualTo("BYE sip:new@x.example SIP/2.0"));
        Assert.That(dialog.RefreshTarget(update), Is.True);
        Assert.That(Msg.StartLine(dialog.Write(SipMethod.Bye)), Is.EqualTo("BYE sip:newer@x.example SIP/2.0"));
    }

    private static SipDialog Make(string extra, uint cseq = 1)
    {
        using var invite = Msg.Request("INVITE", cseq: cseq, extra: extra);
        return SipDialog.FromUas(invite, "L1"u8)!;
    }

    private static DialogRequestResult Receive(SipDialog dialog, string method, uint cseq)
    {
        using var request = Msg.Request(method, toTag: "l1", fromTag: "F1", cseq: cseq);
        return dialog.OnRequest(request);
    }
}
