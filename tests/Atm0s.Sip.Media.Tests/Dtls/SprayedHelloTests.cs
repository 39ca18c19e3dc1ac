using System.Net;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Tests.Mixing;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>CVE-2023-49786, CVE-2023-51443, CVE-2023-51275: whoever is first with a ClientHello must not have the call.</summary>
public sealed class SprayedHelloTests : DtlsTestBase
{
    private static readonly MediaAddress Attacker = MediaAddress.From(IPEndPoint.Parse("10.66.6.6:6666"));

    [Test]
    public void HundredCalls_AllComplete_ThoughEachPortIsSprayedBefore([Values] bool ice)
    {
        var complete = 0;
        for (var i = 0; i < 100; i++)
        {
            var phone = Add(ice: ice, address: new IPAddress([10, 0, 3, (byte)(i + 1)]));
            Spray(phone);
            World.Run(0.02);
            Spray(phone);
            if (ice)
                phone.Check();
            phone.RunUntil(() => phone.HasKeys && phone.Leg.GetStatistics().PacketsReceived > 0);
            complete += phone.HasKeys && phone.Told.TrueForAll(told => told.StartsWith("latched", StringComparison.Ordinal)) ? 1 : 0;
            Spray(phone);
            var received = phone.Leg.GetStatistics().PacketsReceived;
            phone.Run(0.1);
            Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received + 5), "nor does it harm one that runs");
            phone.Leg.Close();
        }

        Assert.That(complete, Is.EqualTo(100));
    }

    [Test]
    public void HelloOfAStranger_IsNotAnswered_EvenWithAProperOne()
    {
        Assert.That(World.Network.TryBind(Attacker.ToEndPoint().Address, Attacker.Port, out var socket));
        using var attacker = socket;
        var phone = Add(peerIsClient: true);
        Assert.That(SpinWait.SpinUntil(() => phone.Peer.HasOutput, 5000), Is.True);
        phone.Peer.TryTake(out var hello);
        for (var i = 0; i < 10; i++)
        {
            attacker!.SendTo(hello, MediaAddress.From(phone.Leg.LocalEndPoint));
            World.Run(0.1);
        }

        Assert.That(attacker!.Receive(new byte[2048], out _), Is.EqualTo(MediaReceive.None));
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.EqualTo(10));
    }

    // With ICE the address of the description is not enough: whoever is there has to know the password.
    [Test]
    public void WithIce_HelloFromTheSdpsAddress_WaitsForTheCheck()
    {
        var phone = Add(ice: true);
        phone.RunUntil(() => phone.Leg.GetStatistics().PacketsRefused > 3);
        Assert.That(phone.Flights, Is.Zero);
        phone.Check();
        phone.Connect();
    }

    [Test]
    public void SpoofedHello_FromTheRightAddress_LeavesNothingBehind()
    {
        var phone = Add();
        var source = MediaAddress.From(phone.Address);
        for (var i = 0; i < 20; i++)
        {
            World.Network.Send(source, MediaAddress.From(phone.Leg.LocalEndPoint), NullHello());
            for (var tries = 0; phone.Drop() == 0 && tries < 1000; tries++)
            {
                World.Run(0.02);
                phone.Peer.WaitForOutput();
            }
        }

        Assert.That(Provider.Handshakes, Is.Zero, "none begins without its cookie");
        phone.Connect();
        Assert.That(phone.Told, Has.Count.EqualTo(1));
    }

    private void Spray(SecurePhone phone)
    {
        for (var port = phone.Leg.LocalEndPoint.Port - 2; port < phone.Leg.LocalEndPoint.Port + 4; port++)
        {
            World.Network.Send(
                Attacker, MediaAddress.From(new IPEndPoint(phone.Leg.LocalEndPoint.Address, port)), NullHello());
        }
    }

    // A whole ClientHello of DTLS 1.2 that offers TLS_NULL_WITH_NULL_NULL alone.
    internal static byte[] NullHello()
    {
        byte[] body = [0xFE, 0xFD, .. new byte[32], 0, 0, 0, 2, 0, 0, 1, 0];
        byte[] message = [1, 0, 0, (byte)body.Length, 0, 0, 0, 0, 0, 0, 0, (byte)body.Length, .. body];
        return [22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)message.Length, .. message];
    }
}
