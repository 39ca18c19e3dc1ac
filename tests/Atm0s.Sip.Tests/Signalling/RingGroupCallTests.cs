using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A group of users is rung as one call.</summary>
[SingleThreaded]
public sealed class RingGroupCallTests
{
    private SignallingWorld _all = null!;
    private ScriptedPhone _bob = null!;
    private ScriptedPhone _carol = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld();
        _bob = Phone("bob", "10.0.2.2");
        _carol = Phone("carol", "10.0.2.3");
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void AllOfTheGroupRing_WhoDeclinesDeclinesForHimself_AndTheOtherHasIt()
    {
        var call = Call(RingOrder.AllAtOnce, "bob", "nobody-is-here", "carol");
        _bob.Respond(_bob.WaitForRequest("INVITE"), 603, "Decline");
        _carol.Respond(_carol.WaitForRequest("INVITE"), 200, "OK", _carol.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void ByPriority_TheyRingInTheOrderGiven()
    {
        var call = Call(RingOrder.ByPriority, "carol", "bob");
        var first = _carol.WaitForRequest("INVITE");
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SignallingWorld.Requests(_bob, "INVITE"), Is.Zero);
        _carol.Respond(first, 486, "Busy Here");
        _bob.Respond(_bob.WaitForRequest("INVITE"), 480, "Temporarily Unavailable");
        var outcome = _all.World.Await(call.Answered);
        Assert.That((outcome.Cause, outcome.StatusCode), Is.EqualTo(((CallEndCause?)CallEndCause.Busy, 486)), "it tells more");
    }

    [Test]
    public void GroupOfNobody_IsGone_AndWhatIsNoGroupIsRefused()
    {
        Assert.That(_all.World.Await(Call(RingOrder.AllAtOnce, "x", "y").Answered).Cause, Is.EqualTo(CallEndCause.Gone));
        Assert.That(() => Call(RingOrder.AllAtOnce), Throws.ArgumentException);
        Assert.That(() => Call(RingOrder.AllAtOnce, [.. Enumerable.Repeat("bob", 11)]), Throws.ArgumentException);
        Assert.That(() => Call(RingOrder.AllAtOnce, "bob\r\nX: y"), Throws.ArgumentException);
    }

    private ScriptedPhone Phone(string user, string host)
    {
        var phone = new ScriptedPhone(_all.World, user, host);
        phone.Register(callId: "register-" + user);
        phone.Received.Clear();
        return phone;
    }

    private ISipCall Call(RingOrder order, params string[] users) =>
        _all.World.Await(_all.Server.CallGroupAsync("room9", users, "1001", new OutgoingCallOptions { RingOrder = order }).AsTask());
}
