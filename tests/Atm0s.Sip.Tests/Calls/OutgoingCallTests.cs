using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Calls to a registered phone, message by message (RFC 3261 §13.2, §9.1).</summary>
[SingleThreaded]
public sealed class OutgoingCallTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _bob = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers);
        _bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
        Assert.That(_bob.Register().Status, Is.EqualTo(200));
        _bob.Received.Clear();
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Answered_TellsEverythingInOrder_AndIsAcknowledged()
    {
        var call = Call();
        var invite = _bob.WaitForRequest("INVITE");
        Assert.That(invite.StartLine, Is.EqualTo("INVITE sip:bob@10.0.2.2:5060 SIP/2.0"), "the registered contact");
        Assert.That(invite["From"], Does.Contain("sip:1001@test.local"));
        Assert.That(invite["Max-Forwards"], Is.EqualTo("70"));
        Assert.That(_server.Rooms.Single(), Has.Property("Members").EqualTo(1).And.Property("Connected").EqualTo(0));
        _bob.Respond(invite, 100, "Trying");
        _bob.Respond(invite, 180, "Ringing");
        _world.RunUntil(() => call.State == CallState.Ringing);
        _bob.Respond(invite, 200, "OK", _bob.Sdp);
        var ack = _bob.WaitForRequest("ACK");

        Assert.That(ack["CSeq"].Split(' ')[0], Is.EqualTo(invite["CSeq"].Split(' ')[0]));
        Assert.That(_world.Await(call.Answered), Is.EqualTo(new CallOutcome(true, null, 200)));
        Assert.That(_host.Story(CallDirection.Outgoing), Is.EqualTo("Connecting Ringing Answered"));
        Assert.That(call.GetStatistics()!.Codec, Is.EqualTo("PCMA"));

        var hangUp = call.HangUpAsync();
        var bye = _bob.WaitForRequest("BYE");
        Assert.That(bye["To"], Does.Contain("tag=answer"));
        Assert.That(int.Parse(bye["CSeq"].Split(' ')[0], null), Is.GreaterThan(int.Parse(invite["CSeq"].Split(' ')[0], null)));
        _bob.Respond(bye, 200, "OK");
        _world.Complete(hangUp);
    }

    [Test]
    public void RefusalThatOvertakesTheWaitingCaller_ReachesIt()
    {
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        var decided = new TaskCompletionSource<InviteDecision>();
        var isAsked = false;
        _host.Decide = (_, _) =>
        {
            isAsked = true;
            return new(decided.Task);
        };
        alice.Invite("bob", "c1");
        _world.RunUntil(() => isAsked);
        var call = Call();
        _bob.Respond(_bob.WaitForRequest("INVITE"), 486, "Busy Here");
        _world.Await(call.Answered);
        decided.SetResult(InviteDecision.WaitForOthers(call.Info.RoomId!));
        alice.WaitForResponse("INVITE", 486);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Busy));
    }

    [Test]
    public void RefusalOfLongAgo_OrACallerWhoGaveUp_IsNoNewsForTheNext()
    {
        var call = Call();
        _bob.Respond(_bob.WaitForRequest("INVITE"), 486, "Busy Here");
        _world.Await(call.Answered);
        _world.Advance(TimeSpan.FromSeconds(6));
        _host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers(call.Info.RoomId!));
        foreach (var name in new[] { "alice", "carol" })
        {
            var caller = new ScriptedPhone(_world, name, name == "alice" ? "10.0.2.1" : "10.0.2.3");
            var invite = caller.Invite("bob", "c-" + name);
            caller.WaitForResponse("INVITE", 180);
            _world.Advance(TimeSpan.FromMilliseconds(100));
            caller.Cancel(invite);
            caller.WaitForResponse("INVITE", 487);
        }
    }

    [Test]
    public void RepeatedOk_IsAcknowledgedAgain()
    {
        Call();
        var invite = _bob.WaitForRequest("INVITE");
        _bob.Respond(invite, 200, "OK", _bob.Sdp);
        _bob.WaitForRequest("ACK");
        _bob.Respond(invite, 200, "OK", _bob.Sdp);
        _world.RunUntil(() => _bob.Received.Count(m => m.Method == "ACK" && !m.IsResponse) == 2);
        var acks = _bob.Received.Where(m => m.Method == "ACK").Select(m => m.Raw).ToArray();
        Assert.That(acks[1], Is.EqualTo(acks[0]));
    }

    [TestCase(486, "Busy Here", CallEndCause.Busy)]
    [TestCase(600, "Busy Everywhere", CallEndCause.Busy)]
    [TestCase(603, "Decline", CallEndCause.Declined)]
    [TestCase(480, "Temporarily Unavailable", CallEndCause.NoAnswer)]
    [TestCase(404, "Not Found", CallEndCause.Gone)]
    [TestCase(488, "Not Acceptable Here", CallEndCause.MediaNegotiation)]
    [TestCase(500, "Server Internal Error", CallEndCause.Failed)]
    public void Refused(int status, string reason, CallEndCause cause)
    {
        var call = Call();
        var invite = _bob.WaitForRequest("INVITE");
        _bob.Respond(invite, 180, "Ringing");
        _bob.Respond(invite, status, reason);
        var ack = _bob.WaitForRequest("ACK");

        Assert.That(SipText.Parameter(ack["Via"], "branch"), Is.EqualTo(SipText.Parameter(invite["Via"], "branch")), "RFC 3261 §17.1.1.3");
        Assert.That(_world.Await(call.Answered), Is.EqualTo(new CallOutcome(false, cause, status)));
        Assert.That(_server.Rooms, Is.Empty);
        Assert.That(_host.End(CallDirection.Outgoing)!.Cause, Is.EqualTo(cause));
    }

    [Test]
    public void NoAnswer_IsCancelled_AfterTheRingTimeout()
    {
        var call = Call(new OutgoingCallOptions { RingTimeout = TimeSpan.FromSeconds(10) });
        var invite = _bob.WaitForRequest("INVITE");
        _bob.Respond(invite, 180, "Ringing");
        var cancel = _bob.WaitForRequest("CANCEL", TimeSpan.FromSeconds(11));
        Assert.That(cancel["Via"], Is.EqualTo(invite["Via"]));
        _bob.Respond(cancel, 200, "OK");
        _bob.Respond(invite, 487, "Request Terminated");
        _bob.WaitForRequest("ACK");
        Assert.That(_world.Await(call.Answered).Cause, Is.EqualTo(CallEndCause.NoAnswer));
    }

    [Test]
    public void HangUp_BeforeAnyAnswer_WaitsWithItsCancel_ForAProvisional()
    {
        var call = Call();
        var invite = _bob.WaitForRequest("INVITE");
        _world.Complete(call.HangUpAsync());
        _world.Advance(TimeSpan.FromMilliseconds(300));
        Assert.That(_bob.Received, Has.None.Property("Method").EqualTo("CANCEL"), "RFC 3261 §9.1");
        _bob.Respond(invite, 180, "Ringing");
        _bob.WaitForRequest("CANCEL");
    }

    [Test]
    public void AnswerThatCrossesTheCancel_IsAcknowledged_AndHungUp()
    {
        var call = Call();
        var invite = _bob.WaitForRequest("INVITE");
        _bob.Respond(invite, 180, "Ringing");
        _world.RunUntil(() => call.State == CallState.Ringing);
        _world.Complete(call.HangUpAsync());
        _bob.Respond(invite, 200, "OK", _bob.Sdp);
        _bob.WaitForRequest("ACK");
        _bob.Respond(_bob.WaitForRequest("BYE"), 200, "OK");
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.False);
        Assert.That(_host.Events.OfType<CallEvent.Answered>(), Is.Empty);
    }

    [Test]
    public void SilentPhone_IsGone_After32Seconds()
    {
        var call = Call();
        Assert.That(_world.Await(call.Answered, TimeSpan.FromSeconds(33)), Is.EqualTo(new CallOutcome(false, CallEndCause.Gone, 408)));
        var times = _world.Network.Sent.Where(p => p.StartLine.StartsWith("INVITE", StringComparison.Ordinal))
            .Select(p => p.Time.TotalSeconds).ToArray();
        Assert.That(times.Zip(times.Skip(1), (a, b) => b - a), Is.EqualTo(new[] { 0.5, 1, 2, 4, 8, 16 }).Within(0.02), "timer A");
    }

    [Test]
    public void UnknownSession_IsGoneAtOnce()
    {
        var call = _world.Await(_server.CallClientAsync("room1", "no-such-session", "1001").AsTask());
        Assert.That(_world.Await(call.Answered).Cause, Is.EqualTo(CallEndCause.Gone));
        _world.Advance(VirtualWorld.Step);
        Assert.That(_host.Story(CallDirection.Outgoing), Is.EqualTo("Connecting Ended"));
    }

    [Test]
    public void UnusableAnswer_IsAcknowledged_AndHungUp()
    {
        var call = Call();
        var invite = _bob.WaitForRequest("INVITE");
        _bob.Respond(invite, 200, "OK", _bob.Sdp.Replace("m=audio 4000 RTP/AVP 8 101", "m=audio 0 RTP/AVP 8", StringComparison.Ordinal));
        _bob.WaitForRequest("ACK");
        _bob.WaitForRequest("BYE");
        Assert.That(_world.Await(call.Answered).Cause, Is.EqualTo(CallEndCause.MediaNegotiation));
    }

    [Test]
    public void ContactAtAnotherPort_OfTheSameHost_IsCalledThere_ButBehindANat_WhereTheRegisterCameFrom()
    {
        var desk = new ScriptedPhone(_world, "desk", "10.0.2.2", 5070);
        // Without rport, and with the same port in Via and Contact (RFC 3261 §18.2.2): answers go there, too.
        const string contact = "Contact: <sip:bob@10.0.2.2:5070>\r\n";
        desk.Send(AtDesk(_bob.Request("REGISTER", null, "desk", extra: contact)));
        var challenge = desk.WaitForResponse("REGISTER", 401);
        _bob.Send(AtDesk(_bob.Request("REGISTER", null, "desk", extra: contact + _bob.Authorize(challenge, "REGISTER", "sip:test.local"))));
        desk.WaitForResponse("REGISTER", 200);
        _bob.Register(expires: 0);
        Call();
        desk.WaitForRequest("INVITE");

        _bob.Register(contact: "Contact: <sip:bob@192.168.1.7:5099>\r\n", callId: "nat");
        _bob.Received.Clear();
        _world.Await(_server.CallClientAsync("room2", _server.FindRegistrations("bob")[0].SessionId, "1001").AsTask());
        Assert.That(_bob.WaitForRequest("INVITE").StartLine, Does.Contain("192.168.1.7:5099"));

        static string AtDesk(string text) =>
            text.Replace("10.0.2.2:5060", "10.0.2.2:5070", StringComparison.Ordinal).Replace(";rport", "", StringComparison.Ordinal);
    }

    [Test]
    public void RecordRoute_IsFollowed()
    {
        Call();
        var invite = _bob.WaitForRequest("INVITE");
        var proxy = new ScriptedPhone(_world, "proxy", "10.0.3.1");
        _bob.Send(
            $"SIP/2.0 200 OK\r\nVia: {invite["Via"]}\r\nRecord-Route: <sip:10.0.3.1;lr>\r\nFrom: {invite["From"]}\r\nTo: "
                + $"{invite["To"]};tag=x\r\nCall-ID: {invite["Call-ID"]}\r\n"
            + $"CSeq: {invite["CSeq"]}\r\nContact: <sip:bob@192.168.9.9>\r\nContent-Type: application/sdp\r\nContent-Length: "
                + $"{_bob.Sdp.Length}\r\n\r\n{_bob.Sdp}");
        var ack = proxy.WaitForRequest("ACK");
        Assert.That(ack.StartLine, Is.EqualTo("ACK sip:bob@192.168.9.9 SIP/2.0"));
        Assert.That(ack["Route"], Is.EqualTo("<sip:10.0.3.1;lr>"));
    }

    [Test]
    public void ServerThatChallenges_GetsTheCredentials()
    {
        var call = _world.Await(_server.CallServerAsync(
            "room1", "sip:2000@10.0.2.2", "1001", new OutgoingCallOptions { Credentials = new SipCredentials("trunk", "secret") })
                .AsTask());
        var invite = _bob.WaitForRequest("INVITE");
        _bob.Send(
            $"SIP/2.0 407 Proxy Authentication Required\r\nVia: {invite["Via"]}\r\nFrom: {invite["From"]}\r\nTo: "
                + $"{invite["To"]};tag=x\r\nCall-ID: {invite["Call-ID"]}\r\n"
            + $"CSeq: {invite["CSeq"]}\r\nProxy-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", algorithm=MD5, "
                + $"qop=\"auth\"\r\nContent-Length: 0\r\n\r\n");
        var again = _bob.WaitFor(m => m["Proxy-Authorization"].Length > 0);
        Assert.That(
            again["Proxy-Authorization"], Does.Contain("username=\"trunk\"").And.Contains("realm=\"pbx\"").And.Not.Contain("secret"));
        Assert.That(again["Call-ID"], Is.EqualTo(invite["Call-ID"]));
        _bob.Respond(again, 200, "OK", _bob.Sdp);
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void ControlCharacters_AreRefused() =>
        Assert.That(() => _server.CallClientAsync("room1", "s", "1001\r\nX-Evil: 1"), Throws.ArgumentException);

    private ISipCall Call(OutgoingCallOptions? options = null) =>
        _world.Await(_server.CallClientAsync("room1", _server.FindRegistrations("bob").Single().SessionId, "1001", options).AsTask());
}
