using System.Diagnostics;
using System.Net;
using Atm0s.Sip.Media.Dtls;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>Peers whose handshakes never end must keep nobody out.</summary>
public sealed class StalledHandshakeTests : DtlsTestBase
{
    private static readonly IPAddress Attacker = IPAddress.Parse("10.66.6.6");

    // We are client, at the address of an SDP, where nobody is: no packet of theirs is needed.
    [Test]
    public void SilentPeersThatWeCall_TakeNoPlace()
    {
        for (var i = 0; i < 200; i++)
            AddSilent(i, peerIsClient: false);
        World.Run(1);
        Assert.That(Provider.Handshakes, Is.Zero);
        Assert.That(TimeToKeys(peerIsClient: false), Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(TimeToKeys(peerIsClient: true), Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    // They bring the cookie back, so they are where they say, and say no more.
    [Test]
    public void PeersThatStopAfterTheCookie_LeavePlacesForOthers()
    {
        var stalled = Enumerable.Range(0, 80).Select(i => AddSilent(i, peerIsClient: true)).ToList();
        for (var patience = Stopwatch.StartNew(); Provider.Handshakes < 16 && patience.Elapsed < TimeSpan.FromSeconds(20);)
        {
            stalled.ForEach(phone => phone.Carry());
            World.Run(0.02);
            stalled[0].Peer.WaitForOutput();
        }

        Assert.That(Provider.Handshakes, Is.EqualTo(16), "one network has a quarter");
        Assert.That(TimeToKeys(peerIsClient: true), Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(TimeToKeys(peerIsClient: false), Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    private SecurePhone AddSilent(int number, bool peerIsClient)
    {
        var peer = new IndependentPeer(peerIsClient) { StopsAfter = peerIsClient ? 2 : 0 };
        return Add(peerIsClient, peer: peer, address: Attacker, port: 5000 + (2 * number));
    }

    private TimeSpan TimeToKeys(bool peerIsClient)
    {
        var phone = Add(peerIsClient, address: IPAddress.Parse(peerIsClient ? "10.0.9.1" : "10.0.9.2"));
        var watch = Stopwatch.StartNew();
        phone.Connect();
        return watch.Elapsed;
    }
}
