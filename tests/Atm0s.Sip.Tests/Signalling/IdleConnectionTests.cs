using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>
/// A connection that is silent for long is kept as long as a registration, a call or a trunk depends on it (RFC 5626 §4).
/// </summary>
[SingleThreaded]
public sealed class IdleConnectionTests
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
    public void Registration_LastsAsLongAsWasGranted()
    {
        _tim.Register(expires: 3600);
        BreakIdle();
        _tim.Register(expires: 3600);
        BreakIdle();
        Assert.That(_all.Server.FindRegistrations("tim"), Has.Count.EqualTo(1));
        _tim.Received.Clear();
        _all.World.Await(_all.Server.CallClientAsync("r", _all.Server.FindRegistrations("tim")[0].SessionId, "1").AsTask());
        _tim.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
    }

    [Test]
    public void RegistrationThatIsTakenBack_HoldsNothing()
    {
        _tim.Register(expires: 3600);
        _tim.Register(expires: 0);
        Assert.That(BreakIdle(), Is.True);
    }

    [Test]
    public void Call_HoldsItsConnection_UntilItEnds()
    {
        var invite = _tim.Invite("room1", "c1");
        _tim.Ack(invite, _tim.WaitForResponse("INVITE", 200));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(BreakIdle(), Is.False);
        _ = _all.Server.Calls.Single().HangUpAsync();
        _tim.Respond(_tim.WaitForRequest("BYE", TimeSpan.FromSeconds(1)), 200, "OK");
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(BreakIdle(), Is.True);
    }

    [Test]
    public void Trunk_PingsItsConnection_AndRegistersAnewWhenItIsGone()
    {
        var carrier = new ScriptedPhone(_all.World, "carrier", "10.0.3.1", protocol: SipTransportProtocol.Tcp);
        var added = _all.Server.AddTrunkAsync(new TrunkOptions
        {
            Name = "c", Server = "sip:10.0.3.1;transport=tcp", Register = true, User = "acct", Expires = TimeSpan.FromHours(1),
        });
        carrier.Respond(carrier.WaitForRequest("REGISTER"), 200, "OK", extra: "Expires: 3600\r\n");
        Assert.That(_all.World.Await(added).State, Is.EqualTo(TrunkState.Registered));
        carrier.Received.Clear();
        _all.World.Advance(TimeSpan.FromMinutes(10));
        var pings = _all.World.Network.Sent.Count(p => p.Destination.Equals(carrier.EndPoint) && p.Text == "\r\n\r\n");
        Assert.That(pings, Is.EqualTo(6), "RFC 5626 §4.4.1");
        _all.World.Network.BreakIdleConnections(Server);
        Assert.That(carrier.Received, Is.Empty);

        _all.World.Network.BreakConnection(carrier.EndPoint, Server);
        carrier.WaitForRequest("REGISTER", TimeSpan.FromSeconds(10));
    }

    // Whether it was idle.
    private bool BreakIdle()
    {
        _tim.Received.Clear();
        _all.World.Network.BreakIdleConnections(Server);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        return _all.World.Network.ConnectionsOf(Server) == 0;
    }
}
