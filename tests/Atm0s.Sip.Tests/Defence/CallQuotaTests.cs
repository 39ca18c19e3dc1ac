using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>Each user, trunk and trusted address has so many calls at one time, and gets their places back.</summary>
[SingleThreaded]
public sealed class CallQuotaTests
{
    private SignallingWorld _all = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void User_HasSoManyCalls_FromWhateverPhone()
    {
        _all = new SignallingWorld(options => options.Calls.MaxCallsPerUser = 2);
        var (invite, ok) = _all.Answered("c1");
        _all.Answered("c2");
        var other = new ScriptedPhone(_all.World, "alice", "10.0.2.9");
        other.Invite("room1", "c3");
        other.WaitForResponse("INVITE", 486);
        var bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
        bob.Invite("room1", "b1");
        bob.WaitForResponse("INVITE", 200);

        _all.Alice.InDialog("BYE", invite, ok);
        _all.Alice.WaitForResponse("BYE", 200);
        _all.Answered("c4");
    }

    [Test]
    public void CallThatTheHostRefuses_GivesItsPlaceBack()
    {
        _all = new SignallingWorld(options => options.Calls.MaxCallsPerUser = 1);
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(Hooks.InviteDecision.Reject(486));
        for (var i = 0; i < 5; i++)
        {
            _all.Alice.Received.Clear();
            _all.Alice.Ack(_all.Alice.Invite("room1", "c" + i), _all.Alice.WaitForResponse("INVITE", 486));
            _all.World.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.That(_all.Host.Invited, Has.Count.EqualTo(5));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void TrunkAndTrustedAddress_HaveSoManyCalls(bool isTrunk)
    {
        _all = new SignallingWorld(options =>
        {
            if (isTrunk)
                options.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1", MaxCalls = 2 });
            else
                options.Access.Trust("10.0.3.0/24");
            options.Calls.MaxCallsPerTrustedSource = isTrunk ? null : 2;
        });
        var carrier = new ScriptedPhone(_all.World, "carrier", "10.0.3.1");
        var invites = Enumerable.Range(1, 3).Select(i => SignallingWorld.CallOpen(carrier, "123", "c" + i)).ToList();
        var refused = carrier.WaitForResponse("INVITE", 503);
        Assert.That((refused["Call-ID"], refused["Retry-After"]), Is.EqualTo(("c3", "5")));
        var ok = carrier.WaitFor(m => m.Status == 200 && m["Call-ID"] == "c1");
        carrier.Ack(invites[0], ok);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        carrier.InDialog("BYE", invites[0], ok);
        carrier.WaitForResponse("BYE", 200);
        SignallingWorld.CallOpen(carrier, "123", "c4");
        carrier.WaitFor(m => m.Status == 200 && m["Call-ID"] == "c4");
    }
}
