using Atm0s.Sip.Testing;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>Handshakes over a bad path (RFC 6347 §4.2.4).</summary>
public sealed class LostFlightTests : DtlsTestBase
{
    protected override TimeSpan Retransmission => TimeSpan.FromMilliseconds(50);

    [Test]
    public void LossAndReorder_DelayTheHandshake_AndNoMore([Values(1, 2, 3, 4)] int seed, [Values] bool peerIsClient)
    {
        World.Network.Conditions = new MediaConditions
        {
            Loss = 0.05 * seed, Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(100), KeepsOrder = false,
        };
        var phone = Add(peerIsClient, peer: new IndependentPeer(peerIsClient) { ResendMilliseconds = 50 });
        phone.Connect();
        Assert.That(phone.Unauthentic, Is.Zero);
    }
}
