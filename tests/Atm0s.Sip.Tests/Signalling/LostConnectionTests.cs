using System.Net;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A caller whose connection breaks before the call is up: the call ends, whatever it waits for.</summary>
[SingleThreaded]
public sealed class LostConnectionTests
{
    private static readonly IPEndPoint Server = VirtualWorld.ServerEndPoint;

    private SignallingWorld _all = null!;
    private ScriptedPhone _tim = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld(options => options.Listen(SipTransportProtocol.Tcp, Server));
        _tim = new ScriptedPhone(_all.World, "tim", "10.0.2.8", protocol: SipTransportProtocol.Tcp);
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void WhileItRings_TheCallEnds()
    {
        _all.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("q"));
        _tim.Invite("room1", "c1");
        _tim.WaitForResponse("INVITE", 180);
        Break();
        Assert.That(_all.Host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Gone));
        AssertThatNothingStays();
    }

    [Test]
    public void WhileTheHostThinks_ItsTokenIsCancelled()
    {
        var token = CancellationToken.None;
        _all.Host.Decide = async (_, cancellation) =>
        {
            token = cancellation;
            await Task.Delay(Timeout.Infinite, cancellation);
            return InviteDecision.JoinRoom("never");
        };
        _tim.Invite("room1", "c1");
        _all.World.RunUntil(() => token.CanBeCanceled);
        Break();
        Assert.That(() => token.IsCancellationRequested, Is.True.After(2000, 10), "cancelled on the pool");
        AssertThatNothingStays();
    }

    [Test]
    public void WhileThePasswordIsChecked_NothingStays()
    {
        var asked = false;
        _all.Host.Authorize = async (_, cancellation) =>
        {
            asked = true;
            await Task.Delay(Timeout.Infinite, cancellation);
            return AuthDecision.Unknown;
        };
        _tim.Invite("room1", "c1");
        _all.World.RunUntil(() => asked);
        Break();
        AssertThatNothingStays();
        Assert.That(_all.Host.Events, Is.Empty);
    }

    [Test]
    public void WhileARegistrationIsChecked_NothingIsBound()
    {
        var checking = new TaskCompletionSource();
        _all.Host.Authorize = async (request, _) =>
        {
            await checking.Task;
            return AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, "pw-" + request.Username));
        };
        _tim.Send(_tim.Request("REGISTER", null, "r1", extra: _tim.Contact()));
        var authorization = _tim.Authorize(_tim.WaitForResponse("REGISTER", 401), "REGISTER", "sip:test.local");
        _tim.Send(_tim.Request("REGISTER", null, "r1", extra: _tim.Contact() + authorization));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Break();
        checking.SetResult();
        _all.World.RunUntil(() => _all.Host.Registrations.Count == 2);
        Assert.That(_all.Server.FindRegistrations("tim"), Is.Empty);
        Assert.That(_all.Host.Registrations, Is.EqualTo(new[] { "registered tim", "unregistered tim FlowClosed" }));
    }

    [Test]
    public void BeforeTheAck_TheCallEnds()
    {
        _tim.Invite("room1", "c1");
        _tim.WaitForResponse("INVITE", 200);
        Break();
        Assert.That(_all.Host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.Gone));
        AssertThatNothingStays();
    }

    [Test]
    public void OfACallThatIsUp_TheCallGoesOn()
    {
        var invite = _tim.Invite("room1", "c1");
        _tim.Ack(invite, _tim.WaitForResponse("INVITE", 200));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Break();
        Assert.That(_all.Server.Calls.Single().State, Is.EqualTo(CallState.Answered));
    }

    private void Break()
    {
        _all.World.Network.BreakConnection(_tim.EndPoint, Server);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
    }

    private void AssertThatNothingStays()
    {
        Assert.That((_all.Server.Calls.Count, _all.Server.Rooms.Count), Is.EqualTo((0, 0)));
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
    }
}
