using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A user with several phones is rung (RFC 3261 §16.6, §16.7).</summary>
[SingleThreaded]
public sealed class RingUserTests
{
    private SignallingWorld _all = null!;
    private ScriptedPhone _desk = null!;
    private ScriptedPhone _mobile = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld(options => options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint));
        _desk = Phone("10.0.2.2");
        _mobile = Phone("10.0.2.3");
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void AllPhonesRing_AsOneCall()
    {
        var call = Call();
        var (desk, mobile) = (_desk.WaitForRequest("INVITE"), _mobile.WaitForRequest("INVITE"));
        Assert.That(desk["Call-ID"], Is.EqualTo(mobile["Call-ID"]));
        Assert.That(desk.FromTag, Is.Not.EqualTo(mobile.FromTag), "two phones that choose one tag still have two dialogs");
        Assert.That(SipText.Parameter(desk["Via"], "branch"), Is.Not.EqualTo(SipText.Parameter(mobile["Via"], "branch")));
        Assert.That(desk.Body, Is.EqualTo(mobile.Body), "one offer, one port");
        Assert.That(_all.Server.Calls.Single().Info, Has.Property("Username").EqualTo("bob").And.Property("To").EqualTo("bob"));
        Assert.That(_all.Server.Rooms.Single().Members, Is.EqualTo(1));
        _all.World.Await(call.HangUpAsync());
    }

    [Test]
    public void FirstAnswerWins_AndTheOtherIsCancelled_AsCompletedElsewhere()
    {
        var call = Call();
        var (desk, mobile) = Ring();
        _mobile.Respond(mobile, 200, "OK", _mobile.Sdp);
        _mobile.WaitForRequest("ACK");
        var cancel = _desk.WaitForRequest("CANCEL");
        Assert.That(cancel["Reason"], Is.EqualTo(CallEnd.ElsewhereReason));
        Assert.That(cancel["CSeq"].Split(' ')[0], Is.EqualTo(desk["CSeq"].Split(' ')[0]));
        Cancelled(_desk, desk, cancel);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        Assert.That(_all.Host.Story(CallDirection.Outgoing), Is.EqualTo("Connecting Ringing Answered"));

        // The winner's dialog lives on, though both chose one tag.
        _mobile.Send(
            $"BYE {mobile.ContactUri} SIP/2.0\r\nVia: SIP/2.0/UDP {_mobile.Address};branch={_mobile.NewBranch()}\r\nMax-Forwards: 70\r\n"
            + $"From: {mobile["To"]};tag=answer\r\nTo: {mobile["From"]}\r\nCall-ID: {mobile["Call-ID"]}\r\n"
            + "CSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n");
        _mobile.WaitForResponse("BYE", 200);
        AssertNothingLeft();
    }

    [Test]
    public void AnswerThatCrossesTheCancel_IsAcknowledged_AndHungUp()
    {
        var call = Call();
        var (desk, mobile) = Ring();
        _mobile.Respond(mobile, 200, "OK", _mobile.Sdp);
        _desk.Respond(desk, 200, "OK", _desk.Sdp, tag: "late");
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        Assert.That(_desk.WaitForRequest("ACK")["To"], Does.Contain("late"));
        _desk.Respond(_desk.WaitForRequest("BYE"), 200, "OK");
        _mobile.WaitForRequest("ACK");
        Assert.That(SignallingWorld.Requests(_mobile, "BYE"), Is.Zero);
        HangUp(call, _mobile);
        AssertNothingLeft();
    }

    [Test]
    public void OneThatIsBusy_DoesNotEndTheOther()
    {
        var call = Call();
        var (desk, mobile) = Ring();
        _desk.Respond(desk, 486, "Busy Here");
        _desk.WaitForRequest("ACK");
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(call.State, Is.EqualTo(CallState.Ringing));
        _mobile.Respond(mobile, 200, "OK", _mobile.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void OneThatDeclinesForTheUser_EndsAll()
    {
        var call = Call();
        var (desk, mobile) = Ring();
        _desk.Respond(desk, 603, "Decline");
        var cancel = _mobile.WaitForRequest("CANCEL");
        Assert.That(cancel["Reason"], Does.Contain("cause=603"));
        Assert.That(_all.World.Await(call.Answered), Is.EqualTo(new CallOutcome(false, CallEndCause.Declined, 603)));
        Cancelled(_mobile, mobile, cancel);
        AssertNothingLeft();
    }

    [Test]
    public void NobodyTakesIt_TheOutcomeIsWhatTellsMost()
    {
        var call = Call();
        var (desk, mobile) = Ring();
        _mobile.Respond(mobile, 480, "Temporarily Unavailable", extra: "X-Who: mobile\r\n");
        _desk.Respond(desk, 486, "Busy Here", extra: "X-Who: desk\r\nRetry-After: 17\r\n");
        var outcome = _all.World.Await(call.Answered);
        Assert.That((outcome.Cause, outcome.StatusCode), Is.EqualTo(((CallEndCause?)CallEndCause.Busy, 486)));
        Assert.That(outcome.Failure!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(17)));
        Assert.That(call.RemoteHeaders.Single(h => h.Key == "X-Who").Value, Is.EqualTo("desk"));
        AssertNothingLeft();
    }

    [Test]
    public void RingTimeout_CancelsAll()
    {
        var call = Call(new OutgoingCallOptions { RingTimeout = TimeSpan.FromSeconds(5) });
        var (desk, mobile) = Ring();
        var cancel = _desk.WaitForRequest("CANCEL");
        Assert.That(cancel["Reason"], Does.Contain("cause=408"));
        Cancelled(_desk, desk, cancel);
        Cancelled(_mobile, mobile, _mobile.WaitForRequest("CANCEL"));
        Assert.That(_all.World.Await(call.Answered), Is.EqualTo(new CallOutcome(false, CallEndCause.NoAnswer, 408)));
        AssertNothingLeft();
    }

    [Test]
    public void HangUp_CancelsAll()
    {
        var call = Call();
        var (desk, mobile) = Ring();
        _all.World.Await(call.HangUpAsync());
        Cancelled(_desk, desk, _desk.WaitForRequest("CANCEL"));
        Cancelled(_mobile, mobile, _mobile.WaitForRequest("CANCEL"));
        AssertNothingLeft();
    }

    [Test]
    public void ByPriority_TheNextRings_WhenTheFirstRefuses_OrHasHadItsTime()
    {
        var watch = new ScriptedPhone(_all.World, "bob", "10.0.2.4");
        watch.Register(contact: "Contact: <sip:bob@10.0.2.4:5060>;q=0.5\r\n", callId: "watch");
        _mobile.Register(contact: "Contact: <sip:bob@10.0.2.3:5060>;q=0.8\r\n", callId: "mobile");
        _desk.Register(contact: "Contact: <sip:bob@10.0.2.2:5060>;q=1.0\r\n", callId: "desk");
        foreach (var phone in new[] { _desk, _mobile, watch })
            phone.Received.Clear();
        var call = Call(new OutgoingCallOptions { RingOrder = RingOrder.ByPriority, RingTimePerGroup = TimeSpan.FromSeconds(8) });
        var desk = _desk.WaitForRequest("INVITE");
        _desk.Respond(desk, 180, "Ringing");
        _all.World.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_mobile.Received, Is.Empty);
        _desk.Respond(desk, 486, "Busy Here");
        var mobile = _mobile.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
        _mobile.Respond(mobile, 180, "Ringing");
        Assert.That(watch.Received, Is.Empty);
        var invite = watch.WaitForRequest("INVITE", TimeSpan.FromSeconds(9));
        Cancelled(_mobile, mobile, _mobile.WaitForRequest("CANCEL"));
        watch.Respond(invite, 200, "OK", watch.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        HangUp(call, watch);
        AssertNothingLeft();
    }

    [Test]
    public void NobodyRegistered_IsGone_At480()
    {
        var call = _all.World.Await(_all.Server.CallUserAsync("q", "nobody-here", "1001").AsTask());
        Assert.That(_all.World.Await(call.Answered), Is.EqualTo(new CallOutcome(false, CallEndCause.Gone, 480)));
    }

    [Test]
    public void OnePhone_TwiceRegistered_RingsOnce()
    {
        // Both count their branches from one.
        _all.World.Advance(TimeSpan.FromSeconds(40));
        var overTcp = new ScriptedPhone(_all.World, "bob", "10.0.2.2", protocol: SipTransportProtocol.Tcp);
        overTcp.Register(callId: "again");
        overTcp.Received.Clear();
        Assert.That(_all.Server.FindRegistrations("bob"), Has.Count.EqualTo(3));
        Call();
        _mobile.WaitForRequest("INVITE");
        _all.World.Advance(TimeSpan.FromMilliseconds(300));
        Assert.That(SignallingWorld.Requests(_desk, "INVITE") + SignallingWorld.Requests(overTcp, "INVITE"), Is.EqualTo(1));
    }

    [Test]
    public void MoreThanTenPhones_TheLatestRing()
    {
        var phones = Enumerable.Range(10, 12).Select(i => Phone($"10.0.2.{i}")).ToList();
        _desk.Received.Clear();
        _mobile.Received.Clear();
        var limit = _all.Server.FindRegistrations("bob").Count;
        Call();
        _all.World.Advance(TimeSpan.FromMilliseconds(200));
        var rung = phones.Append(_desk).Append(_mobile).Count(phone => SignallingWorld.Requests(phone, "INVITE") > 0);
        Assert.That(limit, Is.GreaterThanOrEqualTo(10));
        Assert.That(rung, Is.EqualTo(10));
        Assert.That(SignallingWorld.Requests(phones[^1], "INVITE"), Is.EqualTo(1));
    }

    [Test]
    public void PhoneThatIsGone_IsTakenForSilent_AndTheOtherAnswers()
    {
        var tablet = new ScriptedPhone(_all.World, "bob", "10.0.2.4", protocol: SipTransportProtocol.Tcp);
        tablet.Register(callId: "tablet");
        tablet.Received.Clear();
        _mobile.Register(expires: 0, callId: "reg-10.0.2.3");
        _desk.Received.Clear();
        var call = Call();
        tablet.WaitForRequest("INVITE");
        var desk = _desk.WaitForRequest("INVITE");
        _all.World.Network.BreakConnection(VirtualWorld.ServerEndPoint, tablet.EndPoint);
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(call.State, Is.Not.EqualTo(CallState.Ended));
        _desk.Respond(desk, 200, "OK", _desk.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        HangUp(call, _desk);
        AssertNothingLeft();
    }

    [Test]
    public void WaitingCaller_HearsWhatBecameOfThePhones()
    {
        _all.Host.Decide = async (invite, cancellation) =>
        {
            await _all.Server.CallUserAsync("q", "bob", "alice", new OutgoingCallOptions { ForCallId = invite.CallId }, cancellation);
            return InviteDecision.WaitForOthers("q");
        };
        var invite = _all.Alice.Invite("bob", "c1");
        var (desk, mobile) = Ring();
        _desk.Respond(desk, 486, "Busy Here");
        _mobile.Respond(mobile, 480, "Temporarily Unavailable");
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 486));
        AssertNothingLeft();
    }

    [TestCase(407, 480)]
    [TestCase(401, 480)]
    [TestCase(421, 480)]
    [TestCase(420, 480)]
    [TestCase(405, 480)]
    [TestCase(423, 480)]
    [TestCase(494, 480)]
    [TestCase(302, 480)]
    [TestCase(603, 603)]
    [TestCase(404, 404)]
    public void WaitingCaller_HearsNoCodeWithoutTheFieldThatItNeeds(int status, int heard)
    {
        _mobile.Register(expires: 0, callId: "reg-10.0.2.3");
        _all.Host.Decide = async (invite, cancellation) =>
        {
            var options = new OutgoingCallOptions { ForCallId = invite.CallId, MaxRedirects = 0 };
            await _all.Server.CallUserAsync("q", "bob", "alice", options, cancellation);
            return InviteDecision.WaitForOthers("q");
        };
        var invite = _all.Alice.Invite("bob", "c1");
        _desk.Respond(_desk.WaitForRequest("INVITE"), status, "No");
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", heard));
        AssertNothingLeft();
    }

    [TestCase(407, 480)]
    [TestCase(421, 480)]
    [TestCase(405, 405)]
    [TestCase(486, 486)]
    public void HostThatHandsACodeOn_CanNotHandItsFieldsOn(int status, int heard)
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        var first = _all.Alice.Invite("bob", "c1");
        _all.Alice.WaitForResponse("INVITE", 180);
        _all.World.Await(_all.Server.Calls.Single().HangUpAsync(status));
        _all.Alice.Ack(first, _all.Alice.WaitForResponse("INVITE", heard));
        _all.Alice.Received.Clear();

        _all.Host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.Reject(status));
        var second = _all.Alice.Invite("bob", "c2");
        _all.Alice.Ack(second, _all.Alice.WaitForResponse("INVITE", heard));
    }

    [Test]
    public void EarlyMediaOfTwoPhones_IsKeptApart_ThoughBothChooseOneTag()
    {
        var call = Call(new OutgoingCallOptions { EarlyMedia = true });
        var (desk, mobile) = Ring();
        _desk.Respond(desk, 183, "Session Progress", _desk.Sdp);
        _mobile.Respond(mobile, 183, "Session Progress", _mobile.Sdp.Replace("RTP/AVP 8 101", "RTP/AVP 0 101", StringComparison.Ordinal));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        _desk.Respond(desk, 200, "OK");
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True, "its answer stood in its own 183");
        Assert.That(call.GetStatistics()!.Codec, Is.EqualTo("PCMA"), "not that of the other phone");
        var cancel = _mobile.WaitForRequest("CANCEL");
        Cancelled(_mobile, mobile, cancel);
        HangUp(call, _desk);
        AssertNothingLeft();
    }

    [Test]
    public void CallerWhoGivesUp_StopsAllPhones()
    {
        _all.Host.Decide = async (invite, cancellation) =>
        {
            await _all.Server.CallUserAsync("q", "bob", "alice", new OutgoingCallOptions { ForCallId = invite.CallId }, cancellation);
            return InviteDecision.WaitForOthers("q");
        };
        var invite = _all.Alice.Invite("bob", "c1");
        var (desk, mobile) = Ring();
        _all.Alice.WaitForResponse("INVITE", 180);
        _all.Alice.Cancel(invite);
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 487));
        Cancelled(_desk, desk, _desk.WaitForRequest("CANCEL"));
        Cancelled(_mobile, mobile, _mobile.WaitForRequest("CANCEL"));
        AssertNothingLeft();
    }

    private ScriptedPhone Phone(string host)
    {
        var phone = new ScriptedPhone(_all.World, "bob", host);
        Assert.That(phone.Register(callId: "reg-" + host).Status, Is.EqualTo(200));
        phone.Received.Clear();
        return phone;
    }

    private ISipCall Call(OutgoingCallOptions? options = null) =>
        _all.World.Await(_all.Server.CallUserAsync("q", "bob", "1001", options).AsTask());

    private (SipText Desk, SipText Mobile) Ring()
    {
        var (desk, mobile) = (_desk.WaitForRequest("INVITE"), _mobile.WaitForRequest("INVITE"));
        _desk.Respond(desk, 180, "Ringing");
        _mobile.Respond(mobile, 180, "Ringing");
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        return (desk, mobile);
    }

    private static void Cancelled(ScriptedPhone phone, SipText invite, SipText cancel)
    {
        phone.Respond(cancel, 200, "OK");
        phone.Respond(invite, 487, "Request Terminated");
        phone.WaitForRequest("ACK");
    }

    private void HangUp(ISipCall call, ScriptedPhone phone)
    {
        var done = call.HangUpAsync();
        phone.Respond(phone.WaitForRequest("BYE"), 200, "OK");
        _all.World.Await(done);
    }

    private void AssertNothingLeft()
    {
        _all.World.Advance(TimeSpan.FromSeconds(70));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        Assert.That(_all.Server.Parts.Stack.Shards[0].Transactions.ClientCount, Is.Zero);
        Assert.That(_all.World.MediaNetwork.OpenSockets, Is.Zero);
    }
}
