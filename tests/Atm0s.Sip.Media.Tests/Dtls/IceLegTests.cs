using System.Net;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Tests.Ice;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>A leg whose path is found by ICE (RFC 8445 §2.5): only who knows the password is sent to and heard.</summary>
public sealed class IceLegTests : DtlsTestBase
{
    [Test]
    public void PeerWithoutCandidates_IsFoundByItsChecks([Values] bool peerIsClient)
    {
        var elsewhere = new IPEndPoint(IPAddress.Parse("192.0.2.9"), 9); // what the description says means nothing
        var phone = Add(peerIsClient, ice: true, change: p => p with { Remote = elsewhere });
        phone.RunUntil(() => phone.Leg.GetStatistics().PacketsRefused > 2 || phone.Flights > 0 || !peerIsClient);
        Assert.That(phone.Flights, Is.Zero, "nothing before the check");
        phone.Check();
        phone.Connect();
        phone.Check();
        phone.Run(5);
        Assert.That(phone.Responses, Is.EqualTo(2));
        Assert.That(phone.Unauthentic, Is.Zero);
        Assert.That(phone.Packets, Is.GreaterThan(200));
    }

    [Test]
    public void ValidButNotNominated_GetsNoAudio()
    {
        var phone = Add(ice: true);
        phone.Check(nominates: false);
        phone.RunUntil(() => phone.HasKeys);
        phone.Run(2);
        Assert.That(phone.HasKeys, Is.True, "the handshake needs no nomination");
        Assert.That(phone.Packets, Is.Zero);
        phone.Check();
        phone.Run(1);
        Assert.That(phone.Packets, Is.GreaterThan(45));
    }

    [Test]
    public void MediaStops_ThirtySecondsAfterTheLastCheck_AndItIsTold()
    {
        var phone = Add(ice: true);
        phone.Check();
        phone.Connect();
        phone.Check();
        phone.Run(29);
        Assert.That(phone.Told, Has.Count.EqualTo(1));
        phone.Run(2);
        Assert.That(phone.Told, Has.Member("failed ConsentLost"));
        var (packets, reports) = (phone.Packets, phone.Reports);
        phone.Run(10);
        phone.Check();
        phone.Run(10);
        Assert.That((phone.Packets, phone.Reports, phone.Unauthentic), Is.EqualTo((packets, reports, 0)));
    }

    [Test]
    public void Checks_KeepItGoing()
    {
        var phone = Add(ice: true);
        phone.Check();
        phone.Connect();
        for (var i = 0; i < 20; i++)
        {
            phone.Check(nominates: false);
            phone.Run(5);
        }

        Assert.That(phone.Told, Has.Count.EqualTo(1));
        var packets = phone.Packets;
        phone.Run(1);
        Assert.That(phone.Packets, Is.EqualTo(packets + 50));
    }

    [Test]
    public void Restart_KeepsTheKeys()
    {
        var phone = Add(ice: true);
        phone.Check();
        phone.Connect();
        var received = phone.Leg.GetStatistics().PacketsReceived;
        var ice = StunCheck.Parameters with { LocalUfrag = "again", LocalPassword = "another-password-of-ours" };
        phone.Update(p => p with { Ice = ice });
        phone.Run(1);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received + 50), "the path of before holds");
        phone.Send(new StunCheck { Username = "again:peer", Password = ice.LocalPassword, Nominates = true }.ToArray());
        phone.Run(1);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received + 100));
        Assert.That(phone.Unauthentic, Is.Zero);
    }

    [Test]
    public void ChecksOfStrangers_AreNotAnswered_AndCostLittle()
    {
        var phone = Add(ice: true);
        phone.Check();
        phone.Connect();
        var source = MediaAddress.From(IPEndPoint.Parse("10.66.6.6:6666"));
        Assert.That(World.Network.TryBind(source.ToEndPoint().Address, source.Port, out var socket));
        using var attacker = socket!;
        var wrong = new StunCheck { Password = "wrong", Nominates = true }.ToArray();
        var longName = new StunCheck { Username = new string('x', 1200), Nominates = true }.ToArray();
        for (var i = 0; i < 100; i++)
        {
            attacker.SendTo(wrong, MediaAddress.From(phone.Leg.LocalEndPoint));
            attacker.SendTo(longName, MediaAddress.From(phone.Leg.LocalEndPoint));
            attacker.SendTo([1], MediaAddress.From(phone.Leg.LocalEndPoint));
            phone.Run(0.02);
        }

        Assert.That(attacker.Receive(new byte[2048], out _), Is.EqualTo(MediaReceive.None));
        Assert.That(phone.Told, Has.Count.EqualTo(1));
        Assert.That(phone.Packets, Is.GreaterThan(90));
    }

    [Test]
    public void BothLite_TheAddressesOfTheDescriptionsAreThePath()
    {
        var phone = Add(ice: true, change: p => p with { Ice = p.Ice! with { RemoteIsLite = true } });
        phone.Connect();
        phone.Run(40);
        Assert.That(phone.Told, Has.Count.EqualTo(1), "and nobody checks");
        Assert.That(phone.Packets, Is.GreaterThan(1900));
    }

    [Test]
    public void Candidates_AreTheAddressOfTheLeg_AndTheAdvertisedOnes()
    {
        var phone = Add(ice: true);
        var port = phone.Leg.LocalEndPoint.Port;
        var candidates = phone.Leg.GetLocalCandidates([IPAddress.Parse("192.0.2.77"), IPAddress.Parse("2001:db8::1")], muxed: false);
        Assert.That(candidates.Select(c => $"{c.EndPoint}/{c.Component}"), Is.EqualTo(
            [$"192.0.2.77:{port}/1", $"192.0.2.77:{port + 1}/2", $"10.0.0.1:{port}/1", $"10.0.0.1:{port + 1}/2"]));
        Assert.That(candidates.Select(c => c.Priority), Is.Unique);
        Assert.That(candidates[0].Priority, Is.EqualTo((126u << 24) + (65535u << 8) + 255), "RFC 8445 §5.1.2.1");
        Assert.That(phone.Leg.GetLocalCandidates([], muxed: true), Has.Count.EqualTo(1));
    }

    [Test]
    public void SecureTicks_AllocateNothing()
    {
        var phone = Add(ice: true);
        phone.Check();
        phone.Connect();
        phone.IsSpeaking = false;
        var check = new StunCheck { Nominates = true }.ToArray();
        var bytes = AllocationMeter.Measure(() =>
        {
            phone.Send(check);
            World.Clock.Advance(Media.Clock.MediaClock.Period);
            phone.Drop();
        });
        Assert.That(bytes, Is.LessThan(200), "a report of RTCP in 200 ticks, and nothing for checks");
    }
}
