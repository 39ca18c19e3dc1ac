using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

[TestFixture]
[Property("rfc", "3261-13.2.2")]
internal sealed class InviteForksTests
{
    private InviteForks _forks = null!;

    [SetUp]
    public void SetUp() => _forks = new InviteForks(DialogWriting.Invite(cseq: 5));

    [Test]
    [Property("rfc", "3261-12.1.2")]
    public void EachToTag_OneDialog()
    {
        Assert.That(On(183, "t1").News, Is.EqualTo(ForkNews.Progress));
        Assert.That(On(180, "T1").Fork, Is.SameAs(_forks.Forks[0]), "tags are tokens");
        On(180, "t2");

        Assert.That(_forks.Forks, Has.Count.EqualTo(2));
        Assert.That(_forks.Forks.Select(f => f.Dialog.State), Is.All.EqualTo(DialogState.Early));
    }

    [Test]
    [Property("rfc", "3261-13.2.2.4")]
    public void Success_ConfirmsItsDialogAndARepetitionIsOne()
    {
        On(183, "t1");
        var (news, fork) = On(200, "t1");

        Assert.That((news, fork!.Dialog.State), Is.EqualTo((ForkNews.Confirmed, DialogState.Confirmed)));
        Assert.That(On(200, "t1").News, Is.EqualTo(ForkNews.Repeated));
        Assert.That(On(200, "t2").News, Is.EqualTo(ForkNews.Confirmed), "another fork, without an early dialog");
        Assert.That(On(200, "t2").News, Is.EqualTo(ForkNews.Repeated));
        Assert.That(_forks.Forks, Has.Count.EqualTo(2));
    }

    [Test]
    [Property("rfc", "3261-12.2.1.1")]
    public void PrackAndUpdateWithinAnEarlyDialog_AckKeepsTheNumberOfTheInvite()
    {
        var one = On(183, "t1").Fork!.Dialog;
        var other = On(183, "t2").Fork!.Dialog;

        Assert.That(Msg.Lines(one.Write(SipMethod.Prack), "CSeq"), Is.EqualTo(new[] { "6 PRACK" }));
        Assert.That(Msg.Lines(one.Write(SipMethod.Update), "CSeq"), Is.EqualTo(new[] { "7 UPDATE" }));
        Assert.That(Msg.Lines(other.Write(SipMethod.Prack), "CSeq"), Is.EqualTo(new[] { "6 PRACK" }), "each dialog counts for itself");
        On(200, "t1");
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
        var request = Msg.Parse(On(200, "t1").Fork!.Dialog.Write(method));

        Assert.That((request.Method, request.CSeqMethod, request.CSeqNumber), Is.EqualTo((method, method, 6u)));
        Assert.That((Msg.Text(request.CallId), Msg.Text(request.FromTag), Msg.Text(request.ToTag)), Is.EqualTo(("c1", "f1", "t1")));
    }

    [Test]
    [Property("rfc", "3261-12.3")]
    public void Failure_EndsAllEarlyDialogs()
    {
        On(183, "t1");
        On(183, "t2");

        Assert.That(On(486, "t2"), Is.EqualTo((ForkNews.Failed, (InviteFork?)null)));
        Assert.That(_forks.Forks.Select(f => f.Dialog.State), Is.All.EqualTo(DialogState.Terminated));
    }

    [Test]
    [Property("rfc", "3261-13.2.2.4")]
    public void EndEarly_LeavesTheConfirmedOne()
    {
        On(183, "t1");
        On(200, "t2");
        _forks.EndEarly();

        Assert.That(_forks.Forks.Select(f => f.Dialog.State), Is.EqualTo(new[] { DialogState.Terminated, DialogState.Confirmed }));
    }

    [Test]
    [Property("rfc", "6228-5")]
    public void Status199_EndsItsDialogAlone()
    {
        On(183, "t1");
        On(183, "t2");

        Assert.That(On(199, "t1").News, Is.EqualTo(ForkNews.Ended));
        Assert.That(_forks.Forks.Select(f => f.Dialog.State), Is.EqualTo(new[] { DialogState.Terminated, DialogState.Early }));
    }

    [Test]
    public void SuccessBehind199_IsAnsweredAllTheSame()
    {
        On(199, "t1");
        var (news, fork) = On(200, "t1");
        fork!.Dialog.Terminate();

        Assert.That(news, Is.EqualTo(ForkNews.Confirmed));
        Assert.That(On(200, "t1").News, Is.EqualTo(ForkNews.Repeated), "also when the dialog is over: the ACK is sent again");
        Assert.That(_forks.Forks, Has.Count.EqualTo(1));
    }

    [TestCase(100, "t1")]
    [TestCase(180, null)]
    public void WithoutDialog_None(int status, string? toTag) =>
        Assert.That(On(status, toTag), Is.EqualTo((ForkNews.None, (InviteFork?)null)));

    [Test]
    public void InventedTags_FillNothing()
    {
        var forks = new InviteForks(DialogWriting.Invite(), capacity: 3);
        for (var i = 0; i < 10; i++)
        {
            using var response = Msg.Response(183, toTag: $"x{i}");
            Assert.That(forks.OnResponse(response, out _), Is.EqualTo(i < 3 ? ForkNews.Progress : ForkNews.None));
        }

        Assert.That(forks.Forks, Has.Count.EqualTo(3));
    }

    [Test]
    public void Clear_TheNextInviteBeginsWithNone()
    {
        var dialog = On(183, "t1").Fork!.Dialog;
        _forks.Clear();

        Assert.That((dialog.State, _forks.Forks.Count), Is.EqualTo((DialogState.Terminated, 0)));
    }

    private (ForkNews News, InviteFork? Fork) On(int status, string? toTag)
    {
        using var response = Msg.Response(status, toTag: toTag, extra: "Contact: <sip:bob@pc.biloxi.example>", cseq: 5);
        var news = _forks.OnResponse(response, out var fork);
        return (news, fork);
    }
}
