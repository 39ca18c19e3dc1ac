using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.TestKit.Network;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Where audio must not go, whatever a description says.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AudioAddressRulesTests
{
    private readonly FakeTimeProvider _time = new();
    private List<(IPAddress, IPAddress)> _networks =
    [
        (IPAddress.Loopback, IPAddress.Parse("255.0.0.0")), (IPAddress.Parse("192.0.2.20"), IPAddress.Parse("255.255.255.240")),
        (IPAddress.Parse("198.51.100.0"), IPAddress.Parse("255.255.255.254")), (
            IPAddress.Parse("203.0.113.9"), IPAddress.Parse("255.255.255.255")),
        (IPAddress.Parse("2001:db8::5"), IPAddress.Any),
    ];

    private LocalNetworks Networks => new(_time, () => _networks);

    [TestCase("192.0.2.31", false, Description = "everybody on our network")]
    [TestCase("127.255.255.255", false)]
    [TestCase("192.0.2.30", true)]
    [TestCase("192.0.2.255", true, Description = "of another network: we can't know")]
    [TestCase("198.51.100.1", true, Description = "a network of two has none (RFC 3021)")]
    [TestCase("203.0.113.9", true)]
    [TestCase("2001:db8::5", true)]
    public void Broadcast(string address, bool allowed) => AssertRule(address + ":4000", "192.0.2.1:5060", allowed);

    [TestCase("169.254.1.1:4000", "192.0.2.1:5060", false)]
    [TestCase("169.254.1.1:4000", "169.254.1.2:5060", true)]
    [TestCase("169.254.169.254:4000", "169.254.1.2:5060", false)]
    [TestCase("169.254.169.254:4000", "169.254.169.254:5060", true, Description = "who talks from there is there")]
    [TestCase("[fe80::1]:4000", "[2001:db8::1]:5060", false)]
    [TestCase("[fe80::1]:4000", "[fe80::2]:5060", true)]
    [TestCase("[fd00:ec2::254]:4000", "[fd00::1]:5060", false)]
    [TestCase("[fd00::7]:4000", "[fd00::1]:5060", true)]
    public void LinkLocal(string remote, string signalling, bool allowed) => AssertRule(remote, signalling, allowed);

    [TestCase("192.0.2.20:5060", false, Description = "a listener on all addresses")]
    [TestCase("127.0.0.1:5060", false)]
    [TestCase("127.3.2.1:5060", false)]
    [TestCase("192.0.2.21:5060", true, Description = "the same port elsewhere")]
    [TestCase("192.0.2.20:5061", true)]
    [TestCase("203.0.113.77:6060", false, Description = "as it is advertised")]
    [TestCase("203.0.113.77:5060", true)]
    public void OurListeners(string remote, bool allowed)
    {
        var listener = new VirtualNetwork(_time, 1).CreateTransport(new SipListenerOptions
        {
            EndPoint = IPEndPoint.Parse("0.0.0.0:5060"), AdvertisedHost = "203.0.113.77", AdvertisedPort = 6060,
        });
        AssertRule(remote, "192.0.2.1:5060", allowed, listener);
    }

    [TestCase("127.0.0.1", "192.0.2.1", true)]
    [TestCase("127.0.1.1", "192.0.2.1", true)]
    [TestCase("::1", "2001:db8::9", true)]
    [TestCase("127.0.0.1", "127.0.0.1", false)]
    [TestCase("127.0.0.1", "192.0.2.20", false, Description = "a phone on our machine")]
    [TestCase("192.0.2.20", "192.0.2.1", false)]
    public void Elsewhere(string remote, string signalling, bool expected) =>
        Assert.That(
            new AudioAddressRules([], Networks).IsElsewhere(IPAddress.Parse(remote), IPAddress.Parse(signalling)), Is.EqualTo(expected));

    [Test]
    public void OurRtpSockets_ButNotForACallToOurselves()
    {
        var listener = new VirtualNetwork(_time, 1).CreateTransport(
            new SipListenerOptions { EndPoint = IPEndPoint.Parse("192.0.2.20:5060") });
        var rules = new AudioAddressRules([listener], Networks);
        var rtp = IPEndPoint.Parse("192.0.2.20:40000");
        var (stranger, ourselves) = (IPEndPoint.Parse("192.0.2.1:5060"), IPEndPoint.Parse("192.0.2.20:5060"));
        rules.Add(rtp);

        Assert.That(rules.Check(rtp, stranger), Is.EqualTo(NegotiationFailure.BadAddress));
        Assert.That(rules.Check(IPEndPoint.Parse("192.0.2.20:40001"), stranger), Is.EqualTo(NegotiationFailure.BadAddress));
        Assert.That(rules.Check(IPEndPoint.Parse("192.0.2.20:40002"), stranger), Is.EqualTo(NegotiationFailure.None));
        Assert.That(rules.Check(rtp, ourselves), Is.EqualTo(NegotiationFailure.None));
        rules.Remove(rtp);
        Assert.That(rules.Check(rtp, stranger), Is.EqualTo(NegotiationFailure.None));
    }

    [Test]
    public void NetworksThatChange_AreSeenAfterAMinute()
    {
        var rules = new AudioAddressRules([], Networks);
        var (remote, signalling) = (IPEndPoint.Parse("10.1.255.255:4000"), IPEndPoint.Parse("192.0.2.1:5060"));
        Assert.That(rules.Check(remote, signalling), Is.EqualTo(NegotiationFailure.None));
        _networks = [(IPAddress.Parse("10.1.2.3"), IPAddress.Parse("255.255.0.0"))];
        Assert.That(rules.Check(remote, signalling), Is.EqualTo(NegotiationFailure.None));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(rules.Check(remote, signalling), Is.EqualTo(NegotiationFailure.BadAddress));
    }

    [Test]
    public void SystemsNetworks_HaveTheLoopback() =>
        Assert.That(new LocalNetworks(_time).IsBroadcast(IPAddress.Parse("127.255.255.255")), Is.True);

    private void AssertRule(string remote, string signalling, bool allowed, params ISipTransport[] listeners) =>
        Assert.That(
            new AudioAddressRules(listeners, Networks).Check(ParseEndPoint(remote), IPEndPoint.Parse(signalling)),
            Is.EqualTo(allowed ? NegotiationFailure.None : NegotiationFailure.BadAddress));

    private static IPEndPoint ParseEndPoint(string text) =>
        IPEndPoint.TryParse(text, out var endPoint) && endPoint.Port != 0
            ? endPoint
            : new IPEndPoint(IPAddress.Parse(text[..text.LastIndexOf(':')]), 4000);
}
