using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>What throws inside a call ends this call, on the wire and for the host, and nothing else.</summary>
[SingleThreaded]
public sealed class BrokenCallTests
{
    private const string Ringing = "sip.ring";
    private const string Inviting = "sip.invite";
    private const string Answered = "sip.media";
    private const int Failed = 2027;

    private FaultyLog _log = null!;
    private FaultyTraces? _traces;
    private SignallingWorld _all = null!;
    private SipServerOptions _options = null!;

    [TearDown]
    public async Task TearDown()
    {
        _traces?.Dispose();
        await _all.DisposeAsync();
    }

    [Test]
    public void BeforeTheAnswer_TheInviteGets500()
    {
        Begin(throwsAt: Ringing);
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        var invite = _all.Alice.Invite("room1", "c1");
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 500));
        AssertThatItEnded(CallDirection.Incoming);
    }

    [Test]
    public void AfterTheAnswer_TheCallGetsABye()
    {
        Begin(throwsAt: Answered);
        var invite = _all.Alice.Invite("room1", "c1");
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 200));
        _all.Alice.Respond(_all.Alice.WaitForRequest("BYE"), 200, "OK");
        AssertThatItEnded(CallDirection.Incoming);
    }

    [Test]
    public void OutgoingCall_BeforeTheInvite_Ends()
    {
        Begin(throwsAt: Inviting);
        var call = Call();
        Assert.That(_all.World.Await(call.Answered), Has.Property("IsAnswered").False);
        AssertThatItEnded(CallDirection.Outgoing);
    }

    [Test]
    public void OutgoingCall_AtTheAnswer_GetsABye()
    {
        Begin(throwsAt: Answered);
        var call = Call();
        _all.Alice.Respond(_all.Alice.WaitForRequest("INVITE"), 200, "OK", _all.Alice.Sdp);
        _all.Alice.Respond(_all.Alice.WaitForRequest("BYE"), 200, "OK");
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.False);
        AssertThatItEnded(CallDirection.Outgoing);
    }

    [Test]
    public void ByeThatCanNotBeWritten_EndsTheCallAllTheSame()
    {
        Begin();
        _all.Answered();
        var call = _all.Server.Calls.Single();
        _options.Listeners[0].AdvertisedHost = "sip.example.com:5060";
        _all.World.Await(call.HangUpAsync());
        Assert.That(_all.World.Await(call.Ended).Cause, Is.EqualTo(CallEndCause.Failed).Or.EqualTo(CallEndCause.LocalHangup));
        AssertThatItEnded(CallDirection.Incoming);
    }

    [Test]
    public void CommandThatFails_IsAnswered_AndOtherCallsGoOn()
    {
        Begin(throwsAt: Answered, morePorts: 2);
        _traces!.IsArmed = false;
        _all.Answered("up", "room2");
        _traces.IsArmed = true;
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        var invite = SignallingWorld.CallOpen(_all.Stranger, "open-q", "c2");
        _all.Stranger.WaitForResponse("INVITE", 180);
        var ringing = _all.Server.Calls.Single(c => c.State == CallState.Ringing);
        Assert.That(_all.World.Await(ringing.AnswerAsync()), Is.EqualTo(CallCommandResult.Ended));
        _all.Stranger.Ack(invite, _all.Stranger.WaitForResponse("INVITE", 200));
        _all.Stranger.WaitForRequest("BYE");
        Assert.That(_all.Server.Calls.Single().State, Is.EqualTo(CallState.Answered));
        Assert.That(_log.Written.Count(id => id == Failed), Is.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(3600)]
    public void RingTimeoutThatCanNotBe_IsRefusedAtOnce(int seconds)
    {
        Begin();
        _all.Alice.Register();
        var session = _all.Server.FindRegistrations("alice")[0].SessionId;
        foreach (var time in new[] { TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan, TimeSpan.MaxValue })
        {
            Assert.That(
                () => _all.Server.CallClientAsync("r", session, "1", new OutgoingCallOptions { RingTimeout = time }),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("10 minutes"));
        }

        Assert.That(_all.Server.Calls, Is.Empty);
    }

    private void Begin(string? throwsAt = null, int morePorts = 0)
    {
        _log = new FaultyLog(-1);
        _traces = throwsAt is null ? null : new FaultyTraces(throwsAt);
        _all = new SignallingWorld(
            options =>
            {
                _options = options;
                options.Media.FirstPort = 40_000;
                options.Media.LastPort = 40_001 + morePorts;
            },
            _log);
    }

    private ISipCall Call()
    {
        _all.Alice.Register();
        _all.Alice.Received.Clear();
        return _all.World.Await(_all.Server.CallClientAsync("room9", _all.Server.FindRegistrations("alice")[0].SessionId, "1").AsTask());
    }

    private void AssertThatItEnded(CallDirection direction)
    {
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Host.End(direction), Is.Not.Null);
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        Assert.That(_log.Written.Count(id => id == Failed), Is.EqualTo(1), "one line says it");

        // Its RTP ports, the only ones, are there for the next.
        _traces?.IsArmed = false;
        _options.Listeners[0].AdvertisedHost = null;
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.JoinRoom("next"));
        _all.Alice.Received.Clear();
        _all.Answered("next");
    }
}
