using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>Phones need not speak before the call is answered: their silence ends a call only afterwards.</summary>
[SingleThreaded]
public sealed class EarlySilenceTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void CallerWhoListensWhileItRings_IsNotHungUp_AndOnceAnsweredHasTheWholeTime()
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(
            InviteDecision.WaitForOthers("q", TimeSpan.FromMinutes(10), earlyMedia: true));
        var invite = _all.Alice.Invite("room1", "c1");
        _all.Alice.WaitForResponse("INVITE", 183);
        _all.World.Advance(TimeSpan.FromSeconds(100));
        Assert.That(SignallingWorld.Finals(_all.Alice), Is.Empty);

        _ = _all.Server.Calls.Single().AnswerAsync();
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 200));
        _all.World.Advance(TimeSpan.FromSeconds(28));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
        _all.Alice.WaitForRequest("BYE", TimeSpan.FromSeconds(5));
        Assert.That(_all.Host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.MediaTimeout));
    }

    [Test]
    public void CalledPhoneThatSaysNothingWhileItRings_IsNotCancelled()
    {
        var bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
        bob.Register();
        bob.Received.Clear();
        _ = _all.Server.CallClientAsync(
            "r", _all.Server.FindRegistrations("bob")[0].SessionId, "1", new OutgoingCallOptions { EarlyMedia = true }).AsTask();
        var invite = bob.WaitForRequest("INVITE");
        bob.Respond(invite, 183, "Session Progress", bob.Sdp);
        _all.World.Advance(TimeSpan.FromSeconds(50));
        Assert.That(SignallingWorld.Requests(bob, "CANCEL"), Is.Zero);

        bob.Respond(invite, 200, "OK", bob.Sdp);
        bob.WaitForRequest("ACK");
        _all.World.Advance(TimeSpan.FromSeconds(28));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
        bob.WaitForRequest("BYE", TimeSpan.FromSeconds(5));
    }
}
