using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls.Sessions;

/// <summary>UPDATEs of the phone in a call that is up, whichever side has called, and while it rings here (RFC 3311 §5).</summary>
[SingleThreaded]
public sealed class UpdateTests
{
    private DialogWorld _all = null!;

    private ScriptedPhone Phone => _all.Phone;

    [SetUp]
    public void SetUp() => _all = new DialogWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void WithoutOffer_Is200WithoutOne_AndChangesNothing([Values] bool isIncoming)
    {
        var dialog = _all.Up(isIncoming);
        var answer = dialog.Ask("UPDATE");
        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, "")));
        Assert.That(answer.ContactUri, Is.EqualTo(dialog.Target));
        Finish(dialog, "Connecting Answered");
    }

    [Test]
    public void Offer_IsAnsweredAtOnce_AndHolds([Values] bool isIncoming)
    {
        var dialog = _all.Up(isIncoming);
        var answer = dialog.Ask("UPDATE", Phone.Sdp.Replace("4000", "4100", StringComparison.Ordinal));
        Assert.That((answer.Status, DialogWorld.DirectionOf(answer.Body) is "" or "sendrecv"), Is.EqualTo((200, true)));
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4100));
        Finish(dialog, "Connecting Answered");
    }

    [Test]
    public void Hold_AndResume_AreToldOnceEach([Values] bool isIncoming)
    {
        var dialog = _all.Up(isIncoming);
        for (var i = 0; i < 2; i++)
            Assert.That(DialogWorld.DirectionOf(dialog.Ask("UPDATE", Phone.Sdp + "a=sendonly\r\n").Body), Is.EqualTo("recvonly"));
        for (var i = 0; i < 2; i++)
            Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200));
        Finish(dialog, "Connecting Answered Held Resumed");
        Assert.That(_all.Host.Events.OfType<CallEvent.Held>().Single().ByHost, Is.False);
    }

    [TestCase("v=0\r\nrubbish\r\n", "application/sdp", 488)]
    [TestCase("xyz", "application/isup", 415)]
    [TestCase("v=0\r\no=- 1 1 IN IP4 10.0.2.2\r\ns=-\r\nc=IN IP4 10.0.2.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 3\r\n", "application/sdp", 488)]
    [TestCase("v=0\r\no=- 1 1 IN IP4 10.0.2.2\r\ns=-\r\nc=IN IP4 224.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", "application/sdp", 488)]
    public void OfferThatCanNotBeUsed_IsRefused_AndChangesNothing(string body, string type, int status)
    {
        var dialog = _all.Up(isIncoming: true);
        Assert.That(dialog.Final(dialog.Send("UPDATE", body, type: type)).Status, Is.EqualTo(status));
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4000));
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200), "the next one is judged anew");
        Finish(dialog, "Connecting Answered");
    }

    [Test]
    public void OfferThatNamesAHost_IsAnsweredWhenItIsFound_ASecondIs500Meanwhile([Values] bool isKnown)
    {
        var found = new TaskCompletionSource();
        if (isKnown)
            _all.World.Hosts.Add("media.test", "10.0.2.2");
        _all.World.Hosts.Wait = _ => found.Task;
        var dialog = _all.Up(isIncoming: true);
        var named = dialog.Send(
            "UPDATE",
            Phone.Sdp.Replace("c=IN IP4 10.0.2.2", "c=IN IP4 media.test", StringComparison.Ordinal)
                .Replace("4000", "4100", StringComparison.Ordinal));
        _all.Advance(0.6);
        Phone.Send(named.Raw);
        _all.Advance(0.1);
        Assert.That(Phone.Received.Where(m => m.Status >= 200), Is.Empty, "the repetition is absorbed");
        var second = dialog.Ask("UPDATE", Phone.Sdp);
        Assert.That((second.Status, int.Parse(second["Retry-After"], null)), Is.EqualTo((500, int.Parse(second["Retry-After"], null))));
        Assert.That(int.Parse(second["Retry-After"], null), Is.InRange(0, 10));
        Assert.That(dialog.Ask("UPDATE", "v=0\r\nrubbish\r\n").Status, Is.EqualTo(500), "nor does one that can't be read clear the way");
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(500));
        Assert.That(dialog.Ask("INVITE", Phone.Sdp).Status, Is.EqualTo(500));
        found.SetResult();
        Assert.That(dialog.Final(named).Status, Is.EqualTo(isKnown ? 200 : 488));
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(isKnown ? 4100 : 4000));
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200));
        Finish(dialog, "Connecting Answered");
    }

    [Test]
    public void ByeWhileTheHostOfAnUpdateIsLookedUp_TheUpdateIs487()
    {
        _all.World.Hosts.Wait = static cancellation => Task.Delay(Timeout.Infinite, cancellation);
        var dialog = _all.Up(isIncoming: true);
        var named = dialog.Send("UPDATE", Phone.Sdp.Replace("c=IN IP4 10.0.2.2", "c=IN IP4 media.test", StringComparison.Ordinal));
        _all.Advance(0.1);
        dialog.Ask("BYE");
        Assert.That(dialog.Final(named, TimeSpan.FromSeconds(1)).Status, Is.EqualTo(487));
        _all.AssertThatNothingStays();
    }

    [Test]
    public void ReInviteThatIsCancelledWhileItsHostIsLookedUp_Is487_AndTheCallGoesOnAsItWas()
    {
        var found = new TaskCompletionSource();
        _all.World.Hosts.Add("media.test", "10.0.2.2");
        _all.World.Hosts.Wait = _ => found.Task;
        var dialog = _all.Up(isIncoming: true);
        var named = dialog.Send("INVITE", Phone.Sdp.Replace("c=IN IP4 10.0.2.2", "c=IN IP4 media.test", StringComparison.Ordinal));
        _all.Advance(0.1);
        Phone.Cancel(named);
        var refused = dialog.Final(named);
        dialog.Ack(named, refused);
        found.SetResult();
        _all.Advance(0.1);
        Assert.That((refused.Status, _all.Call.State), Is.EqualTo((487, CallState.Answered)));
        Assert.That(dialog.Ask("INVITE", Phone.Sdp).Status, Is.EqualTo(200));
        Assert.That(_all.Statuses("INVITE"), Is.EqualTo(new[] { 487, 200 }));
        Finish(dialog, "Connecting Answered");
    }

    [Test]
    public void OfferWhileOursIsOpen_Is491_AndWithoutOneItIs200([Values] bool isIncoming)
    {
        var dialog = _all.Up(isIncoming);
        var hold = _all.Call.HoldAsync();
        var ours = Phone.WaitForRequest("INVITE");
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(491));
        Assert.That(dialog.Ask("UPDATE").Status, Is.EqualTo(200));
        Phone.Respond(ours, 200, "OK", Phone.Sdp + "a=inactive\r\n");
        Assert.That(_all.World.Await(hold), Is.EqualTo(CallCommandResult.Done));
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200));
    }

    [Test]
    public void OfferWhileOurOfferInA200WaitsForItsAck_Is491()
    {
        var dialog = _all.Up(isIncoming: true);
        var asking = dialog.Send("INVITE");
        var offer = dialog.Final(asking);
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(491));
        dialog.Ack(asking, offer, Phone.Sdp);
        _all.Advance(0.1);
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(200));
    }

    [Test]
    public void MovedContact_TheByeGoesThere([Values] bool withOffer)
    {
        var other = new ScriptedPhone(_all.World, "bob", "10.0.2.2", 5099);
        var dialog = _all.Up(isIncoming: true);
        dialog.Final(dialog.Send("UPDATE", withOffer ? Phone.Sdp : "", contact: other.Contact()));
        _ = _all.Call.HangUpAsync();
        Assert.That(_all.World.Network, Is.Not.Null);
        _all.World.RunUntil(
            () => _all.World.Network.Sent.Any(p => p.Text.StartsWith("BYE sip:bob@10.0.2.2:5099", StringComparison.Ordinal)));
    }

    [Test]
    public void RefusedUpdate_DoesNotMoveTheContact()
    {
        var dialog = _all.Up(isIncoming: true);
        dialog.Final(dialog.Send("UPDATE", "v=0\r\nrubbish\r\n", contact: "Contact: <sip:bob@10.0.2.2:5099>\r\n"));
        _ = _all.Call.HangUpAsync();
        Assert.That(Phone.WaitForRequest("BYE").StartLine, Is.EqualTo("BYE sip:bob@10.0.2.2:5060 SIP/2.0"));
    }

    [Test]
    public void OldCSeq_Is500()
    {
        var dialog = _all.Up(isIncoming: true);
        dialog.Ask("UPDATE");
        Assert.That(dialog.Final(dialog.Send("UPDATE", cseq: 3)).Status, Is.EqualTo(500));
    }

    [Test]
    public void OfferWhileItRingsHere_AndOursIsNotAnswered_Is500()
    {
        var (dialog, _) = Waiting(early: false);
        var refused = dialog.Ask("UPDATE", Phone.Sdp);
        Assert.That((refused.Status, refused["Retry-After"].Length > 0), Is.EqualTo((500, true)));
        Assert.That(dialog.Ask("UPDATE").Status, Is.EqualTo(200));
    }

    [Test]
    public void OfferWhileItRingsHere_OnceTheReliableAnswerIsAcknowledged_IsAnswered()
    {
        var (dialog, ringing) = Waiting(early: true);
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp).Status, Is.EqualTo(500), "not before");
        dialog.Final(dialog.Prack(ringing));
        Assert.That(dialog.Ask("UPDATE", Phone.Sdp.Replace("4000", "4100", StringComparison.Ordinal)).Status, Is.EqualTo(200));
        Assert.That(dialog.Ask("UPDATE", "v=0\r\nrubbish\r\n").Status, Is.EqualTo(488));
        _ = _all.Call.AnswerAsync();
        Phone.WaitForResponse("INVITE", 200);
        _all.Advance(0.1);
        Assert.That(_all.Call.GetStatistics()!.Remote!.Port, Is.EqualTo(4100));
    }

    private (PhoneDialog Dialog, SipText Ringing) Waiting(bool early)
    {
        _all.Host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1", earlyMedia: early));
        var invite = _all.Dial(extra: "Supported: 100rel\r\n");
        var ringing = Phone.WaitForResponse("INVITE", early ? 183 : 180);
        return (PhoneDialog.OfCaller(Phone, invite, ringing), ringing);
    }

    private void Finish(PhoneDialog dialog, string story)
    {
        dialog.Ask("BYE");
        _all.AssertThatNothingStays();
        Assert.That(_all.Story, Is.EqualTo(story + " Ended"));
    }
}
