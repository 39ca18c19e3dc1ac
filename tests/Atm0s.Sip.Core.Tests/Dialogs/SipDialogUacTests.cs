using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3261-12.1.2")]
public class SipDialogUacTests
{
    private const string Contact = "Contact: <sip:bob@pc.biloxi.example>";

    [TestCase(100, "t1", false)]
    [TestCase(180, null, false)]
    [TestCase(180, "t1", true)]
    [TestCase(199, "t1", true)]
    [TestCase(200, "t1", true)]
    [TestCase(200, null, true)]
    [TestCase(302, "t1", false)]
    [TestCase(486, "t1", false)]
    public void FromUac_WhichResponsesMakeOne(int status, string? toTag, bool makes)
    {
        var dialog = Make(status, Contact, toTag: toTag);

        Assert.That(dialog is not null, Is.EqualTo(makes));
        if (dialog is not null)
            Assert.That(dialog.State, Is.EqualTo(status < 200 ? DialogState.Early : DialogState.Confirmed));
    }

    [Test]
    public void FromUac_State()
    {
        var dialog = Make(200, Contact, cseq: 42)!;

        Assert.That(Msg.Text(dialog.CallId), Is.EqualTo("c1"));
        Assert.That(Msg.Text(dialog.LocalTag), Is.EqualTo("f1"));
        Assert.That(Msg.Text(dialog.RemoteTag), Is.EqualTo("t1"));
        Assert.That(Msg.Text(dialog.LocalUri), Is.EqualTo("sip:alice@atlanta.example"));
        Assert.That(Msg.Text(dialog.RemoteUri), Is.EqualTo("sip:bob@biloxi.example"));
        Assert.That(Msg.Text(dialog.RemoteTarget), Is.EqualTo("sip:bob@pc.biloxi.example"));
        Assert.That(dialog.LocalCSeq, Is.EqualTo(42u));
        Assert.That(dialog.RemoteCSeq, Is.Null);
        Assert.That(dialog.OwnsCallId, Is.True);
    }

    [Test]
    public void FromUac_LocalSequenceIsThatOfTheRequestWhateverThePeerEchoes()
    {
        using var response = Msg.Response(200, extra: Contact, cseq: uint.MaxValue);

        var dialog = SipDialog.FromUac(DialogWriting.Invite(cseq: 3), response)!;

        Assert.That(Msg.Lines(dialog.Write(SipMethod.Bye), "CSeq"), Is.EqualTo(new[] { "4 BYE" }));
    }

    [Test]
    public void FromUac_RouteSetReversed()
    {
        var dialog = Make(
            200, Contact + "\nRecord-Route: <sip:p3.example;lr>, <sip:p2.example;lr>\nRecord-Route: <sip:p1.example;lr>")!;

        Assert.That(dialog.RouteCount, Is.EqualTo(3));
        Assert.That(Msg.Lines(dialog.Write(SipMethod.Bye), "Route"), Is.EqualTo(new[]
        {
            "<sip:p1.example;lr>", "<sip:p2.example;lr>", "<sip:p3.example;lr>",
        }));
        Assert.That(Msg.Text(dialog.NextHop), Is.EqualTo("sip:p1.example;lr"));
    }

    [Test]
    [Property("rfc", "3261-12.2.1.1")]
    public void Write_LooseRoute_TargetInRequestLine()
    {
        var bye = Make(200, Contact + "\nRecord-Route: <sip:p2.example;lr>, <sip:p1.example;lr=true>")!.Write(SipMethod.Bye);

        Assert.That(Msg.StartLine(bye), Is.EqualTo("BYE sip:bob@pc.biloxi.example SIP/2.0"));
        Assert.That(Msg.Lines(bye, "Route"), Is.EqualTo(new[] { "<sip:p1.example;lr=true>", "<sip:p2.example;lr>" }));
    }

    [Test]
    [Property("rfc", "3261-12.2.1.1")]
    public void Write_StrictRoute_FirstRouteInRequestLineTargetLast()
    {
        var dialog = Make(
            200, "Contact: <sip:bob@pc.biloxi.example;method=INVITE?Subject=x>\nRecord-Route: <sip:p2.example;lr>, "
            + "<sip:p1.example;method=BYE;transport=tcp?a=b>")!;
        var bye = dialog.Write(SipMethod.Bye);

        Assert.That(Msg.StartLine(bye), Is.EqualTo("BYE sip:p1.example;transport=tcp SIP/2.0"));
        Assert.That(
            Msg.Lines(bye, "Route"), Is.EqualTo(new[] { "<sip:p2.example;lr>", "<sip:bob@pc.biloxi.example;method=INVITE?Subject=x>" }));
        Assert.That(Msg.Text(dialog.NextHop), Does.StartWith("sip:p1.example"));
    }

    [Test]
    public void Write_NoRoute_TargetOnly()
    {
        var bye = Make(200, Contact)!.Write(SipMethod.Bye);

        Assert.That(Msg.StartLine(bye), Is.EqualTo("BYE sip:bob@pc.biloxi.example SIP/2.0"));
        Assert.That(Msg.Lines(bye, "Route"), Is.Empty);
        Assert.That(Msg.Lines(bye, "From"), Is.EqualTo(new[] { "<sip:alice@atlanta.example>;tag=f1" }));
        Assert.That(Msg.Lines(bye, "To"), Is.EqualTo(new[] { "<sip:bob@biloxi.example>;tag=t1" }));
    }

    [Test]
    public void Write_CSeqGrowsByOneAndAckHasThatOfItsInvite()
    {
        var dialog = Make(200, Contact, cseq: 5)!;

        Assert.That(Msg.Lines(dialog.WriteAck(5), "CSeq"), Is.EqualTo(new[] { "5 ACK" }));
        Assert.That(Msg.Lines(dialog.Write(SipMethod.Info), "CSeq"), Is.EqualTo(new[] { "6 INFO" }));
        Assert.That(Msg.Lines(dialog.Write(SipMethod.Bye), "CSeq"), Is.EqualTo(new[] { "7 BYE" }));
        Assert.That(Msg.Lines(dialog.WriteAck(5), "CSeq"), Is.EqualTo(new[] { "5 ACK" }));
    }

    [TestCase(SipMethod.Ack)]
    [TestCase(SipMethod.Cancel)]
    [TestCase(SipMethod.Other)]
    public void Write_MethodNotBuiltHere_ThrowsAndTakesNoNumber(SipMethod method)
    {
        var dialog = Make(200, Contact, cseq: 5)!;

        Assert.That(() => dialog.Write(method), Throws.ArgumentException);
        Assert.That(dialog.LocalCSeq, Is.EqualTo(5u));
    }

    [Test]
    [Property("rfc", "3261-13.2.2.4")]
    public void Confirm_RouteSetAndTargetComeFromThe2xx()
    {
        var dialog = Make(180, Contact + "\nRecord-Route: <sip:p1.example;lr>")!;
        using var ok = Msg.Response(
            200, extra: "Contact: <sip:bob@other.example>\nRecord-Route: <sip:p3.example;lr>, <sip:p2.example;lr>");
        dialog.Confirm(ok);
        var bye = dialog.Write(SipMethod.Bye);

        Assert.That(dialog.State, Is.EqualTo(DialogState.Confirmed));
        Assert.That(Msg.StartLine(bye), Is.EqualTo("BYE sip:bob@other.example SIP/2.0"));
        Assert.That(Msg.Lines(bye, "Route"), Is.EqualTo(new[] { "<sip:p2.example;lr>", "<sip:p3.example;lr>" }));

        using var again = Msg.Response(200, extra: "Contact: <sip:mallory@else.example>");
        dialog.Confirm(again);
        Assert.That(Msg.Text(dialog.RemoteTarget), Is.EqualTo("sip:bob@other.example"), "a repetition changes nothing");
    }

    [Test]
    [Property("rfc", "3261-12.2")]
    public void RefreshTarget_OfA2xxToReinvite_KeepsTheRouteSet()
    {
        var dialog = Make(200, Contact + "\nRecord-Route: <sip:p1.example;lr>")!;
        using var ok = Msg.Response(200, extra: "Contact: <sip:bob@moved.example>\nRecord-Route: <sip:evil.example;lr>", cseq: 2);

        Assert.That(dialog.RefreshTarget(ok), Is.True);
        var bye = dialog.Write(SipMethod.Bye);
        Assert.That(Msg.StartLine(bye), Is.EqualTo("BYE sip:bob@moved.example SIP/2.0"));
        Assert.That(Msg.Lines(bye, "Route"), Is.EqualTo(new[] { "<sip:p1.example;lr>" }));
    }

    [Test]
    public void FromUac_2xxWithoutContact_TargetIsTheRequestUri()
    {
        Assert.That(Msg.StartLine(Make(200, "")!.Write(SipMethod.Bye)), Is.EqualTo("BYE sip:bob@biloxi.example SIP/2.0"));
    }

    [Test]
    public void FromUac_UnreadableRecordRouteIn2xx_IsADialogWithoutRoutes_ForItMustBeAcknowledged() =>
        Assert.That(Make(200, Contact + "\nRecord-Route: <sip:>")!.RouteCount, Is.Zero);

    [Test]
    public void FromUac_UnreadableRecordRouteIn1xx_Null() => Assert.That(Make(180, Contact + "\nRecord-Route: <sip:>"), Is.Null);

    private static SipDialog? Make(int status, string extra, uint cseq = 1, string? toTag = "t1")
    {
        using var response = Msg.Response(status, toTag: toTag, extra: extra, cseq: cseq);
        return SipDialog.FromUac(DialogWriting.Invite(cseq), response);
    }
}
