using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>What is said while it rings, and when the ringing is taken back (RFC 3261 §13.3.1.1, RFC 3326).</summary>
[SingleThreaded]
public sealed class RingingTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void LongRinging_IsSaidEachMinute_AndNoMoreAfterTheAnswer()
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q", TimeSpan.FromMinutes(10)));
        var invite = _all.Alice.Invite("room1", "c1");
        _all.World.Advance(TimeSpan.FromSeconds(190));
        Assert.That(_all.Alice.Received.Count(m => m.Status == 180), Is.EqualTo(4));
        Assert.That(_all.Alice.Received.Where(m => m.Status == 180).Select(m => m.ToTag).Distinct().Count(), Is.EqualTo(1));

        _all.World.Await(_all.Server.Calls.Single().AnswerAsync());
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 200));
        _all.Alice.Received.Clear();
        _all.World.Advance(TimeSpan.FromSeconds(29));
        Assert.That(_all.Alice.Received, Is.Empty);
    }

    [TestCase("host", "cause=200")]
    [TestCase("nobody", "cause=408")]
    [TestCase("caller", "cause=487")]
    public void Cancel_SaysWhy(string who, string cause)
    {
        var bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
        bob.Register();
        bob.Received.Clear();
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("r"));
        var waiting = who == "caller" ? _all.Alice.Invite("bob", "c1") : null;
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        var call = _all.World.Await(_all.Server.CallClientAsync("r", _all.Server.FindRegistrations("bob")[0].SessionId, "1").AsTask());
        bob.Respond(bob.WaitForRequest("INVITE"), 180, "Ringing");
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        if (waiting is not null)
            _all.Alice.Cancel(waiting);
        else if (who == "host")
            _ = call.HangUpAsync();
        Assert.That(bob.WaitForRequest("CANCEL", TimeSpan.FromSeconds(70))["Reason"], Does.StartWith("SIP;" + cause));
    }
}
