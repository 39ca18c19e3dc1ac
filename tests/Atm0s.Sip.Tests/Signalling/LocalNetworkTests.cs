using System.Net;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A server behind a NAT: phones beside it see its own address, all others the one that is advertised.</summary>
[SingleThreaded]
public sealed class LocalNetworkTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld(options =>
    {
        options.LocalNetworks.Add("10.0.2.0/24");
        options.Listeners[0].AdvertisedHost = "203.0.113.9";
        options.Listeners[0].AdvertisedPort = 5070;
        options.Media.AdvertisedAddress = IPAddress.Parse("203.0.113.9");
    });

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void PhoneInALocalNetwork_SeesTheAddressItself()
    {
        var (_, ok) = _all.Answered();
        Assert.That(ok.ContactUri, Does.EndWith("@10.0.0.1:5060"));
        Assert.That(ok.Body, Does.Contain("c=IN IP4 10.0.0.1"));
    }

    [Test]
    public void PhoneElsewhere_SeesTheAdvertisedOne()
    {
        SignallingWorld.CallOpen(_all.Stranger, "open-room", "c1");
        var ok = _all.Stranger.WaitForResponse("INVITE", 200);
        Assert.That(ok.ContactUri, Does.EndWith("@203.0.113.9:5070"));
        Assert.That(ok.Body, Does.Contain("c=IN IP4 203.0.113.9"));
    }

    [Test]
    public void NetworkThatCanNotBeRead_StopsTheStart()
    {
        var options = new SipServerOptions();
        options.ListenUdp(0);
        options.LocalNetworks.Add("10.0.0.0/40");
        var server = new SipServer(options, new TestHost().Handlers);
        Assert.That(
            async () => await server.StartAsync(), Throws.InstanceOf<SipStartException>().With.Message.Contains("10.0.0.0/40"));
    }
}
