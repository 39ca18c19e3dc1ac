using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Network;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Trunks;

/// <summary>What we send, as a client, so that the way to a server stays open.</summary>
[SingleThreaded]
[Property("rfc", "5626 §4.4")]
public sealed class KeepAliveTests
{
    private SignallingWorld _all = null!;

    private IEnumerable<Packet> Sent => _all.World.Network.Sent.Where(p => p.Source.Equals(VirtualWorld.ServerEndPoint));

    private IEnumerable<Packet> Pings => Sent.Where(p => p.Text == "\r\n\r\n");

    [SetUp]
    public void SetUp() => _all = new SignallingWorld(options => options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint));

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase("", 96, 120)]
    [TestCase("Flow-Timer: 60\r\n", 48, 60)]
    public void OverAConnection_PingsComeAtTheServersPace_EachAfterAnotherTime(string extra, int shortest, int longest)
    {
        Register(SipTransportProtocol.Tcp, UdpKeepAlive.Off, extra);
        _all.World.Advance(TimeSpan.FromMinutes(12));

        var waits = Waits(Pings);
        Assert.That(waits, Has.Count.GreaterThanOrEqualTo(5));
        Assert.That(waits, Is.All.InRange(shortest - 0.1, longest + 0.1));
        Assert.That(waits.Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    public void OverUdp_BlankLinesComeOftenEnoughForANat()
    {
        Register(SipTransportProtocol.Udp, UdpKeepAlive.BlankLine);
        _all.World.Advance(TimeSpan.FromMinutes(3));

        var waits = Waits(Pings);
        Assert.That(waits, Has.Count.GreaterThanOrEqualTo(5));
        Assert.That(waits, Is.All.InRange(23.9, 29.1));
    }

    [Test]
    public void OverUdp_NothingComesWithoutTheOption()
    {
        Register(SipTransportProtocol.Udp, UdpKeepAlive.Off);
        var before = Sent.Count();
        _all.World.Advance(TimeSpan.FromMinutes(10));

        Assert.That(Sent.Count(), Is.EqualTo(before));
    }

    [Test]
    public void OverUdp_ServerThatDoesNotAnswerOptions_IsRegisteredWithAnew()
    {
        var carrier = Register(SipTransportProtocol.Udp, UdpKeepAlive.Options);
        carrier.Respond(carrier.WaitForRequest("OPTIONS", TimeSpan.FromSeconds(30)), 404, "Not Found");
        _all.World.Advance(TimeSpan.FromSeconds(20));
        Assert.That(carrier.Received.Where(m => m.StartLine.StartsWith("REGISTER", StringComparison.Ordinal)), Is.Empty, "it is there");

        // 24 to 29 s until the next, and 32 s without an answer.
        carrier.WaitForRequest("OPTIONS", TimeSpan.FromSeconds(30));
        carrier.WaitForRequest("REGISTER", TimeSpan.FromSeconds(40));
    }

    [Test]
    public void NotRegisteredAnyMore_NothingComes()
    {
        var carrier = Register(SipTransportProtocol.Tcp, UdpKeepAlive.Off);
        var removed = _all.Server.RemoveTrunkAsync("c");
        carrier.Respond(carrier.WaitForRequest("REGISTER"), 200, "OK", extra: "Expires: 0\r\n");
        _all.World.Await(removed);
        var before = Sent.Count();
        _all.World.Advance(TimeSpan.FromMinutes(5));

        Assert.That(Sent.Count(), Is.EqualTo(before));
    }

    [Test]
    public void PhoneWhoseConnectionIsGone_RegistersAnewSoon()
    {
        var phone = _all.World.StartPhone("alice", new ToneEndpoint(400), protocol: SipTransportProtocol.Tcp);
        Assert.That(_all.World.Await(phone.RegisterAsync()).IsRegistered, Is.True);

        var place = _all.World.Network.Sent.First(p => p.StartLine.StartsWith("REGISTER", StringComparison.Ordinal)).Source;
        _all.World.Network.BreakConnection(place, VirtualWorld.ServerEndPoint);
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(_all.Server.FindRegistrations("alice"), Is.Empty);
        _all.World.Advance(TimeSpan.FromSeconds(5));

        Assert.That(_all.Server.FindRegistrations("alice"), Has.Count.EqualTo(1));
    }

    private static List<double> Waits(IEnumerable<Packet> packets)
    {
        var times = packets.Select(p => p.Time.TotalSeconds).ToList();
        return [.. times.Skip(1).Zip(times, (next, before) => next - before)];
    }

    private ScriptedPhone Register(SipTransportProtocol protocol, UdpKeepAlive keepAlive, string extra = "")
    {
        var carrier = new ScriptedPhone(_all.World, "carrier", "10.0.3.1", protocol: protocol);
        var added = _all.Server.AddTrunkAsync(new TrunkOptions
        {
            Name = "c", Server = $"sip:10.0.3.1;transport={protocol}", Register = true, User = "acct", Expires = TimeSpan.FromHours(1),
            UdpKeepAlive = keepAlive,
        });
        carrier.Respond(carrier.WaitForRequest("REGISTER"), 200, "OK", extra: $"Expires: 3600\r\n{extra}");
        Assert.That(_all.World.Await(added).State, Is.EqualTo(TrunkState.Registered));
        carrier.Received.Clear();
        return carrier;
    }
}
