using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Everything a handler can decide about an incoming call, as the phone and the observer see it.</summary>
[SingleThreaded]
public sealed class DecisionTests
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
        _server = _world.StartServer(_host.Handlers);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Redirect_ToOne_Is302_WithItsContact()
    {
        Decide(InviteDecision.Redirect("sip:1001@192.0.2.7"));
        _alice.Invite("room1", "c1");
        var answer = _alice.WaitForResponse("INVITE", 302);

        Assert.That(answer["Contact"], Is.EqualTo("<sip:1001@192.0.2.7>"));
        Assert.That(_host.End(CallDirection.Incoming), Has.Property("Cause").EqualTo(CallEndCause.Redirected).And.Property("StatusCode")
            .EqualTo(302));
        Assert.That(_server.Calls, Is.Empty);
        Assert.That(_server.Rooms, Is.Empty);
    }

    [Test]
    public void Redirect_ToSeveral_Is300_InTheirOrder()
    {
        Decide(InviteDecision.Redirect("sip:1001@192.0.2.7", "sip:1001@192.0.2.8;transport=tcp"));
        _alice.Invite("room1", "c1");
        Assert.That(
            _alice.WaitForResponse("INVITE", 300)["Contact"], Is.EqualTo("<sip:1001@192.0.2.7>, <sip:1001@192.0.2.8;transport=tcp>"));
    }

    [Test]
    public void Participant_IsInEveryEvent_AndInTheRoom()
    {
        var participant =
            new ParticipantOptions { Id = "p1", Attributes = new Dictionary<string, string> { ["team"] = "blue" }, Muted = true };
        Decide(InviteDecision.JoinRoom("room1", participant: participant));
        Answered("c1");

        var call = _server.Calls.Single();
        Assert.That(call.IsMuted, Is.True);
        Assert.That(_server.Rooms.Single().Participants, Is.EqualTo(new[] { "p1" }));
        Assert.That(_host.Events.Select(e => e.Call.ParticipantId), Has.All.EqualTo("p1"));
        Assert.That(_host.Events.Select(e => e.Call.Attributes["team"]), Has.All.EqualTo("blue"));
    }

    [Test]
    public void Participant_WithoutAName_HasTheCallsId()
    {
        Answered("c1");
        Assert.That(_server.Rooms.Single().Participants.Single(), Is.EqualTo(_server.Calls.Single().Id));
    }

    [Test]
    public void Participant_UnderAnothersName_TakesItsPlace()
    {
        Decide(InviteDecision.JoinRoom("room1", participant: new ParticipantOptions { Id = "p1" }));
        Answered("c1");
        var bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
        var invite = bob.Invite("room1", "c2");
        bob.Ack(invite, bob.WaitForResponse("INVITE", 200));
        _alice.WaitForRequest("BYE");

        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Replaced));
        Assert.That(_server.Rooms.Single().Participants, Is.EqualTo(new[] { "p1" }));
        Assert.That(_server.Calls.Single().Info.From, Is.EqualTo("bob"));
    }

    [Test]
    public void CodecPolicy_IsTheOrderOfTheHost()
    {
        Decide(InviteDecision.JoinRoom("room1", participant: new ParticipantOptions { Codecs = ["PCMU"] }));
        var invite = _alice.Invite("room1", "c1", _alice.Sdp.Replace("RTP/AVP 8 101", "RTP/AVP 8 0 101", StringComparison.Ordinal));
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        Assert.That(ok.Body, Does.Contain("RTP/AVP 0 101"));
    }

    [TestCase("PCMU", TestName = "CodecPolicy_ThatThePhoneDoesNotMeet_Is488")]
    [TestCase("AMR", TestName = "CodecPolicy_OfUnknownCodecs_Is488")]
    public void CodecPolicyRefused(string codec)
    {
        Decide(InviteDecision.JoinRoom("room1", participant: new ParticipantOptions { Codecs = [codec] }));
        _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", 488);
        Assert.That(_host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.MediaNegotiation));
        Assert.That(_world.MediaNetwork.OpenSockets, Is.Zero);
    }

    [Test]
    public void Headers_AreInTheResponses()
    {
        Decide(InviteDecision.WaitForOthers("room1", participant: new ParticipantOptions { Headers = [new("X-Ticket", "4711")] }));
        _alice.Invite("room1", "c1");
        Assert.That(_alice.WaitForResponse("INVITE", 180)["X-Ticket"], Is.EqualTo("4711"));
        _world.Await(_server.Calls.Single().AnswerAsync());
        Assert.That(_alice.WaitForResponse("INVITE", 200)["X-Ticket"], Is.EqualTo("4711"));
    }

    [Test]
    public void Request_HasEverythingToDecideBy()
    {
        _alice.Invite("room1", "c1");
        _alice.WaitForResponse("INVITE", 200);
        var request = _host.Invited.Single();

        Assert.That(request.Authentication, Is.EqualTo(CallerAuthentication.Digest));
        Assert.That(request.Username, Is.EqualTo("alice"));
        Assert.That(request.Trunk, Is.Null);
        Assert.That(request.Source.ToString(), Is.EqualTo("10.0.2.1:5060"));
        Assert.That(request.RequestUri, Is.EqualTo("sip:room1@test.local"));
        Assert.That(request.GetHeader("call-id"), Is.EqualTo("c1"));
        Assert.That(request.GetHeader("Authorization"), Is.Null, "credentials are not the host's business");
        Assert.That(request.OfferedCodecs, Is.EqualTo(new[] { "PCMA", "telephone-event" }));
        Assert.That(_server.Calls.Single().RemoteHeaders.Select(h => h.Key), Does.Contain("Call-ID").And.Not.Contain("Authorization"));
    }

    [Test]
    public void NumberDecidedBy_IsThatOfTo_NotTheRequestUri()
    {
        var text = _alice.Request("INVITE", "room1", "c1", _alice.Sdp, _alice.Contact());
        _alice.Send(text);
        var challenge = _alice.WaitForResponse("INVITE", 401);
        text = _alice.Request(
            "INVITE", "room1", "c1", _alice.Sdp, _alice.Contact() + _alice.Authorize(challenge, "INVITE", "sip:trunk-account@test.local"));
        _alice.Send(text.Replace("INVITE sip:room1@", "INVITE sip:trunk-account@", StringComparison.Ordinal));
        _alice.WaitForResponse("INVITE", 200);
        Assert.That(_host.Invited.Single().To, Is.EqualTo("room1"));
    }

    private void Decide(InviteDecision decision) => _host.Decide = (_, _) => ValueTask.FromResult(decision);

    private void Answered(string callId)
    {
        var invite = _alice.Invite("room1", callId);
        _alice.Ack(invite, _alice.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
    }
}
