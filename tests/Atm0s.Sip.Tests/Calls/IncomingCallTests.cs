using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Calls from a phone, message by message (RFC 3261 §13.3, §9.2, §14.2, §15).</summary>
[SingleThreaded]
public sealed class IncomingCallTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, options =>
        {
            options.Authentication.OpenNumberPrefixes.Add("open-");
            options.Media.Timeout = TimeSpan.FromSeconds(50);
        });
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void JoinRoom_AnswersAtOnce_AndByeEnds()
    {
        var invite = _alice.Invite("room1", "c1");
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _world.Advance(TimeSpan.FromSeconds(1));

        Assert.That(ok.Body, Does.Contain("m=audio").And.Contains("RTP/AVP 8 101"));
        Assert.That(ok.ContactUri, Is.EqualTo("sip:room1@10.0.0.1:5060"));
        Assert.That(_server.Rooms.Single().Id, Is.EqualTo("room1"));
        Assert.That(_host.Invited.Single(), Has.Property("From").EqualTo("alice").And.Property("To").EqualTo("room1")
            .And.Property("Username").EqualTo("alice"));
        Assert.That(_host.Story(CallDirection.Incoming), Is.EqualTo("Connecting Answered"));

        _alice.InDialog("BYE", invite, ok);
        _alice.WaitForResponse("BYE", 200);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        Assert.That(_server.Rooms, Is.Empty);
        Assert.That(_server.Calls, Is.Empty);
    }

    [Test]
    public void Unauthenticated_IsChallenged_BeforeTheHostIsAsked()
    {
        _alice.Send(_alice.Request("INVITE", "room1", "c1", _alice.Sdp, _alice.Contact()));
        var challenge = _alice.WaitForResponse("INVITE", 401);
        _world.Advance(TimeSpan.FromSeconds(5));

        Assert.That(challenge["WWW-Authenticate"], Does.Contain("Digest"));
        Assert.That(_host.Invited, Is.Empty);
        Assert.That(_alice.Received.Count(m => m.Status == 401), Is.EqualTo(1), "a stateless answer is not repeated");
    }

    [Test]
    public void WrongPassword_Is403_AndTheHostIsNotAskedWhereTo()
    {
        _alice.Invite("room1", "c1", password: "guess");
        _alice.WaitForResponse("INVITE", 403);
        Assert.That(_host.Invited, Is.Empty);
        Assert.That(_host.Events, Is.Empty, "it was no call yet");
    }

    [Test]
    public void FromOfAnotherUser_Is403()
    {
        _alice.Send(_alice.Request("INVITE", "room1", "c1", _alice.Sdp, _alice.Contact()));
        var challenge = _alice.WaitForResponse("INVITE", 401);
        _alice.Send(
            _alice.Request(
            "INVITE", "room1", "c1", _alice.Sdp, _alice.Contact() + _alice.Authorize(challenge, "INVITE", "sip:room1@test.local"))
            .Replace("<sip:alice@test.local>;tag", "<sip:bob@test.local>;tag", StringComparison.Ordinal));
        Assert.That(_alice.WaitFor(m => m.IsResponse && m.Status > 401).Status, Is.EqualTo(403));
    }

    [Test]
    public void OpenNumber_NeedsNoCredentials()
    {
        _alice.Send(_alice.Request("INVITE", "open-house", "c1", _alice.Sdp, _alice.Contact()));
        _alice.WaitForResponse("INVITE", 200);
        Assert.That(_host.Invited.Single().Username, Is.Null);
        Assert.That(_host.Asked, Is.Empty);
    }

    [Test]
    public void Reject_IsWhatTheHostSays()
    {
        _host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.Reject(486, "In a meeting"));
        var invite = _alice.Invite("room1", "c1");
        var refused = _alice.WaitForResponse("INVITE", 486);
        _alice.Ack(invite, refused);

        Assert.That(refused.StartLine, Is.EqualTo("SIP/2.0 486 In a meeting"));
        Assert.That(_host.End(CallDirection.Incoming)!, Has.Property("Cause").EqualTo(CallEndCause.Rejected).And.Property("StatusCode")
            .EqualTo(486));
    }

    [Test]
    public void Refusal_IsRepeated_UntilItsAck()
    {
        _host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.Reject(404));
        var invite = _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", 404);
        _world.RunUntil(() => _alice.Received.Count(m => m.Status == 404) == 3);
        _alice.Ack(invite, _alice.Received.First(m => m.Status == 404));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        var seen = _alice.Received.Count;
        _world.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_alice.Received, Has.Count.EqualTo(seen), "the ACK ends it");
    }

    [Test]
    public void WaitForOthers_Rings_AndGivesUp()
    {
        _host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1", TimeSpan.FromSeconds(20)));
        _alice.Invite("bob", "c1");
        _alice.WaitForResponse("INVITE", 180);
        _world.Advance(TimeSpan.FromSeconds(19));
        Assert.That(_server.Rooms.Single(), Has.Property("Members").EqualTo(1).And.Property("Connected").EqualTo(0));
        _alice.WaitForResponse("INVITE", 480, TimeSpan.FromSeconds(2));

        Assert.That(_host.Story(CallDirection.Incoming), Is.EqualTo("Connecting Ringing Ended"));
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.NoAnswer));
    }

    [Test]
    public void WaitForOthers_IsAnswered_WhenAnotherMemberConnects()
    {
        _host.Decide = static (invite, _) => ValueTask.FromResult(
            invite.From == "alice" ? InviteDecision.WaitForOthers("room1") : InviteDecision.JoinRoom("room1", endWhenOthersLeave: true));
        var invite = _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", 180);
        var bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
        var bobInvite = bob.Invite("room1", "c2");
        bob.Ack(bobInvite, bob.WaitForResponse("INVITE", 200));
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_server.Rooms.Single().Connected, Is.EqualTo(2));

        // And when alice leaves, bob is alone: his call ends too.
        _alice.InDialog("BYE", invite, ok);
        var bye = bob.WaitForRequest("BYE");
        bob.Respond(bye, 200, "OK");
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(bye["Reason"], Does.Contain("SIP;cause=200"));
        Assert.That(_host.Events.OfType<CallEvent.Ended>().Select(e => e.Cause),
            Is.EqualTo(new[] { CallEndCause.RemoteHangup, CallEndCause.OthersLeft }));
    }

    [Test]
    public void JoinRoom_Stays_WhenTheOthersLeave()
    {
        var invite = _alice.Invite("room1", "c1");
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        var bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
        var bobInvite = bob.Invite("room1", "c2");
        bob.Ack(bobInvite, bob.WaitForResponse("INVITE", 200));
        _alice.InDialog("BYE", invite, ok);
        _world.Advance(TimeSpan.FromSeconds(5));
        Assert.That(bob.Received, Has.None.Property("Method").EqualTo("BYE"));
        Assert.That(_server.Rooms.Single().Connected, Is.EqualTo(1));
    }

    [Test]
    public void Cancel_WhileRinging_Is487()
    {
        _host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        var invite = _alice.Invite("bob", "c1");
        _alice.WaitForResponse("INVITE", 180);
        _alice.Cancel(invite);

        var cancelled = _alice.WaitForResponse("CANCEL", 200);
        var terminated = _alice.WaitForResponse("INVITE", 487);
        _alice.Ack(invite, terminated);
        Assert.That(cancelled.ToTag, Is.EqualTo(terminated.ToTag), "RFC 3261 §9.2: the same To tag");
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Cancelled));
    }

    [Test]
    public void Cancel_WhileTheHostThinks_CancelsTheQuestion_AndTheLateAnswerIsDropped()
    {
        var answer = new TaskCompletionSource<InviteDecision>();
        var token = CancellationToken.None;
        _host.Decide = (_, cancellation) =>
        {
            token = cancellation;
            return new ValueTask<InviteDecision>(answer.Task);
        };
        var invite = _alice.Invite("bob", "c1");
        _world.RunUntil(() => _host.Invited.Count == 1);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_alice.Received, Has.Some.Property("Status").EqualTo(100), "RFC 3261 §17.2.1: 100 after 200 ms");
        _alice.Cancel(invite);
        _alice.WaitForResponse("INVITE", 487);
        Assert.That(() => token.IsCancellationRequested, Is.True.After(2000, 10), "cancelled on the pool");
        answer.SetResult(InviteDecision.JoinRoom("room1"));
        _world.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_server.Rooms, Is.Empty);
        Assert.That(_alice.Received, Has.None.Property("Status").EqualTo(200).And.Property("Method").EqualTo("INVITE"));
    }

    [Test]
    public void StrayCancel_Is481()
    {
        _alice.Cancel(new SipText(_alice.Request("INVITE", "bob", "never")));
        _alice.WaitForResponse("CANCEL", 481);
    }

    [Test]
    public void HostThatThrows_Is500_AndThatIsSlow_Is503()
    {
        _host.Decide = static (_, _) => throw new InvalidOperationException("no idea");
        _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", 500);

        var bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
        _host.Decide = static (_, _) => new ValueTask<InviteDecision>(new TaskCompletionSource<InviteDecision>().Task);
        bob.Invite("room1", "c2");
        var late = bob.WaitFor(m => m.Status >= 500, TimeSpan.FromSeconds(20));
        Assert.That(late.Status, Is.EqualTo(503));
        Assert.That(late["Retry-After"], Is.Not.Empty);
    }

    [Test]
    public void Ok_IsRepeated_AndWithoutAck_TheCallEnds()
    {
        _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", 200);
        var bye = _alice.WaitForRequest("BYE", TimeSpan.FromSeconds(40));

        // RFC 3261 §13.3.1.4: after T1, doubling up to T2, for 64*T1.
        var times = _world.Network.Sent.Where(p => p.StartLine == "SIP/2.0 200 OK"
            && p.Text.Contains("1 INVITE", StringComparison.Ordinal) is false && p.Text.Contains("INVITE", StringComparison.Ordinal))
            .Select(p => p.Time.TotalSeconds).ToArray();
        Assert.That(times.Zip(times.Skip(1), (a, b) => b - a).Take(5), Is.EqualTo(new[] { 0.5, 1, 2, 4, 4 }).Within(0.02));
        Assert.That(bye, Is.Not.Null);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.AckTimeout));
    }

    [Test]
    public void RetransmittedInvite_IsNotASecondCall()
    {
        var invite = _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", 200);
        _alice.Send(invite.Raw);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_host.Invited, Has.Count.EqualTo(1));
        Assert.That(_server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void NoCommonCodec_Is488()
    {
        _alice.Invite("room1", "c1", sdp: _alice.Sdp.Replace("RTP/AVP 8 101", "RTP/AVP 18 101", StringComparison.Ordinal));
        var refusal = _alice.WaitForResponse("INVITE", 488);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.MediaNegotiation));
        // Who looks for what to change is told both sides' codecs: in the Warning (RFC 3261 §20.43), and in the host's event.
        Assert.That(refusal["Warning"], Does.Contain("offered G729").And.Contains("here opus G722 PCMA PCMU"));
        Assert.That(_host.End(CallDirection.Incoming)!.Reason, Does.Contain("offered G729"));
    }

    [Test]
    public void UnreadableSdp_Is400()
    {
        _alice.Invite("room1", "c1", sdp: "this is no sdp\r\n");
        _alice.WaitForResponse("INVITE", 400);
        Assert.That(_host.Invited, Is.Empty);
    }

    [Test]
    public void InviteWithoutOffer_GetsOurs_AndAnswersInTheAck()
    {
        _alice.Send(_alice.Request("INVITE", "open-house", "c1", "", _alice.Contact()));
        var invite = new SipText(_world.Network.Sent[^1].Text);
        var ok = _alice.WaitForResponse("INVITE", 200);
        Assert.That(ok.Body, Does.Contain("m=audio").And.Contains("opus/48000/2").And.Contains("RTP/AVP"));
        _alice.Send(
            $"ACK {ok.ContactUri} SIP/2.0\r\nVia: SIP/2.0/UDP {_alice.Address};branch={_alice.NewBranch()}\r\nMax-Forwards: 70\r\nFrom: "
                + $"{invite["From"]}\r\nTo: {ok["To"]}\r\n"
            + $"Call-ID: c1\r\nCSeq: {invite["CSeq"].Split(' ')[0]} ACK\r\nContent-Type: application/sdp\r\nContent-Length: "
                + $"{_alice.Sdp.Length}\r\n\r\n{_alice.Sdp}");
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_server.Calls.Single().GetStatistics()!.Codec, Is.EqualTo("PCMA"));
    }

    [Test]
    public void Hold_AndResume_AreAnswered()
    {
        var invite = _alice.Invite("room1", "c1");
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _alice.Received.Clear();
        var hold = _alice.InDialog("INVITE", invite, ok, _alice.Sdp + "a=sendonly\r\n");
        var held = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(hold, held);
        Assert.That(held.Body, Does.Contain("a=recvonly"));
        _alice.Received.Clear();
        var resume = _alice.InDialog("INVITE", invite, ok, _alice.Sdp);
        var resumed = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(resume, resumed);
        Assert.That(resumed.Body, Does.Not.Contain("a=recvonly"));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_server.Calls.Single().State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public void MediaThatNeverComes_EndsTheCall()
    {
        var invite = _alice.Invite("room1", "c1");
        _alice.Ack(invite, _alice.WaitForResponse("INVITE", 200));
        var bye = _alice.WaitForRequest("BYE", TimeSpan.FromSeconds(55));
        Assert.That(bye["Reason"], Does.Contain("cause=408"));
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.MediaTimeout));
    }

    [TestCase("OPTIONS", 200)]
    [TestCase("INFO", 200)]
    [TestCase("SUBSCRIBE", 405)]
    [TestCase("WHATEVER", 501)]
    public void InDialog(string method, int status)
    {
        var invite = _alice.Invite("room1", "c1");
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _alice.InDialog(method, invite, ok);
        var answer = _alice.WaitForResponse(method, status);
        // RFC 3261 §20.5: in the answer to OPTIONS, and with every refusal of a method.
        Assert.That(answer["Allow"].Contains("INVITE", StringComparison.Ordinal), Is.EqualTo(method != "INFO"));
    }

    [Test]
    public void CSeqThatGoesBack_Is500()
    {
        var invite = _alice.Invite("room1", "c1");
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _alice.InDialog("OPTIONS", invite, ok, cseq: 1);
        _alice.WaitForResponse("OPTIONS", 500);
    }

    [Test]
    public void ByeOfAnUnknownDialog_Is481()
    {
        _alice.Send(_alice.Request("BYE", "room1", "nowhere")
            .Replace("To: <sip:room1@test.local>", "To: <sip:room1@test.local>;tag=x", StringComparison.Ordinal));
        _alice.WaitForResponse("BYE", 481);
    }

    [TestCase("OPTIONS", 200)]
    [TestCase("SUBSCRIBE", 405)]
    [TestCase("NONSENSE", 501)]
    public void OutsideADialog(string method, int status)
    {
        _alice.Send(_alice.Request(method, "room1", "o1"));
        Assert.That(_alice.WaitForResponse(method, status)["Allow"], Does.Contain("INVITE"));
    }

    [Test]
    public void HostHangsUp_ByItsCall()
    {
        var invite = _alice.Invite("room1", "c1");
        _alice.Ack(invite, _alice.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromSeconds(1));
        var hangUp = _server.Calls.Single().HangUpAsync();
        _alice.Respond(_alice.WaitForRequest("BYE"), 200, "OK");
        _world.Complete(hangUp);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.LocalHangup));
    }

    [Test]
    public void Stop_SaysByeToEveryCall_AndTakesNoMore()
    {
        var invite = _alice.Invite("room1", "c1");
        _alice.Ack(invite, _alice.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromSeconds(1));
        var stop = _server.StopAsync();
        _alice.Respond(_alice.WaitForRequest("BYE"), 200, "OK");
        _world.Complete(stop);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Shutdown));
    }
}
