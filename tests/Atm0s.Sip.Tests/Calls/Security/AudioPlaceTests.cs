using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Calls.Security;

/// <summary>Where a leg is bound: with ICE it is to be reached at every usable address (RFC 8445 §5.1.1.1).</summary>
public sealed class AudioPlaceTests
{
    [TestCase("10.0.0.5", "0.0.0.0", true, "0.0.0.0")]
    [TestCase("10.0.0.5", "0.0.0.0", false, "10.0.0.5", Description = "without checks it is found where the signalling is")]
    [TestCase("10.0.0.5", "10.0.0.5", true, "10.0.0.5", Description = "that address was chosen")]
    [TestCase("127.0.0.1", "127.0.0.1", true, "0.0.0.0", Description = "behind a proxy of this machine")]
    [TestCase("2001:db8::5", "::", true, "::")]
    public async Task Place_IsEveryAddress_ForWhoChecks(string signalling, string listens, bool hasIce, string expected)
    {
        var listener = new SipListenerOptions
        {
            Protocol = SipTransportProtocol.Tcp, EndPoint = new IPEndPoint(IPAddress.Parse(listens), 5060),
        };
        await using var world = new SignallingWorld();
        var transport = world.World.Network.CreateTransport(listener);
        var place = AudioPlace.For(IPAddress.Parse(signalling), SipTransportProtocol.Tcp, hasIce, [transport]);
        Assert.That(place, Is.EqualTo(IPAddress.Parse(expected)));
        Assert.That(
            AudioPlace.For(IPAddress.Parse("10.0.0.9"), SipTransportProtocol.Wss, hasIce, [transport]),
            Is.EqualTo(hasIce ? IPAddress.Any : IPAddress.Parse("10.0.0.9")), "a host's own web server");
    }
}
