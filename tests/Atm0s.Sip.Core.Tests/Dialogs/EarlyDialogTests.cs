using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

/// <summary>The dialogs of one INVITE of ours, before and behind its 2xx.</summary>
[TestFixture]
[Property("rfc", "3261-12.1.2")]
internal sealed class EarlyDialogTests
{
    private readonly RequestBuilder _invite = DialogWriting.Invite(cseq: 5);

    [Test]
    public void EachToTag_IsADialogOfItsOwn()
    {
        var table = new DialogTable<SipDialog>();
        var dialogs = new[] { "t1", "T1", "t2" }.Select(tag => On(183, tag)).ToArray();

        Assert.That(dialogs.Select(d => table.TryAdd(d.Id, d)), Is.EqualTo(new[] { true, false, true }), "tags are tokens");
        Assert.That(dialogs.Select(d => d.State), Is.All.EqualTo(DialogState.Early));
    }

    [Test]
    [Property("rfc", "3261-12.2.1.1")]
    public void PrackAndUpdateWithinAnEarlyDialog_AckKeepsTheNumberOfTheInvite()
    {
        var one = On(183, "t1");
        var other = On(183, "t2");

        Assert.That(Msg.Lines(one.Write(SipMethod.Prack), "CSeq"), Is.EqualTo(new[] { "6 PRACK" }));
        Assert.That(Msg.Lines(one.Write(SipMethod.Update), "CSeq"), Is.EqualTo(new[] { "7 UPDATE" }));
        Assert.That(Msg.Lines(other.Write(SipMethod.Prack), "CSeq"), Is.EqualTo(new[] { "6 PRACK" }), "each dialog counts for itself");
        using var ok = Msg.Response(200, toTag: "t1", extra: "Contact: <sip:bob@pc.biloxi.example>", cseq: 5);
        one.Confirm(ok);
        Assert.That(one.State, Is.EqualTo(DialogState.Confirmed));
        Assert.That(Msg.Lines(one.WriteAck(5), "CSeq"), Is.EqualTo(new[] { "5 ACK" }));
        Assert.That(Msg.Lines(one.Write(SipMethod.Bye), "CSeq"), Is.EqualTo(new[] { "8 BYE" }));
    }

    [TestCase(SipMethod.Invite)]
    [TestCase(SipMethod.Bye)]
    [TestCase(SipMethod.Prack)]
    [TestCase(SipMethod.Update)]
    [TestCase(SipMethod.Info)]
    [TestCase(SipMethod.Refer)]
    [TestCase(SipMethod.Notify)]
    [TestCase(SipMethod.Subscribe)]
    [TestCase(SipMethod.Message)]
    [TestCase(SipMethod.Options)]
    [Property("rfc", "3261-12.2.1.1")]
    public void EveryMethod_IsBuiltWithinTheDialog(SipMethod method)
    {
        using var request = Msg.Parse(On(200, "t1").Write(method));

        Assert.That((request.Method, request.CSeqMethod, request.CSeqNumber), Is.EqualTo((method, method, 6u)));
        Assert.That((Msg.Text(request.CallId), Msg.Text(request.FromTag), Msg.Text(request.ToTag)), Is.EqualTo(("c1", "f1", "t1")));
    }

    [Test]
    [Property("rfc", "3261-12.3")]
    public void TerminatedDialog_IsNotConfirmedByALate2xx_AndTakesNoRequest()
    {
        var dialog = On(183, "t1");
        dialog.Terminate();
        using var ok = Msg.Response(200, toTag: "t1", extra: "Contact: <sip:bob@pc.biloxi.example>", cseq: 5);
        dialog.Confirm(ok);
        using var update = Msg.Request("UPDATE", fromTag: "t1", toTag: "f1");

        Assert.That(dialog.State, Is.EqualTo(DialogState.Terminated));
        Assert.That(dialog.OnRequest(update), Is.EqualTo(DialogRequestResult.NoDialog));
    }

    private SipDialog On(int status, string toTag)
    {
        using var response = Msg.Response(status, toTag: toTag, extra: "Contact: <sip:bob@pc.biloxi.example>", cseq: 5);
        return SipDialog.FromUac(_invite, response)!;
    }
}
