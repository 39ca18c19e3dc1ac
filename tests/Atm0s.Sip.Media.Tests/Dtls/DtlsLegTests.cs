using System.Net;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>A leg agrees on keys along its path, and nothing passes before (RFC 5763, RFC 5764).</summary>
public sealed class DtlsLegTests : DtlsTestBase
{
    private static readonly int[] Profiles =
    [
        SrtpProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80, SrtpProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_32,
        SrtpProtectionProfile.SRTP_AEAD_AES_128_GCM, SrtpProtectionProfile.SRTP_AEAD_AES_256_GCM,
    ];

    [Test]
    public void TonesAreHeard_BothWays([ValueSource(nameof(Profiles))] int profile, [Values] bool peerIsClient)
    {
        var plain = World.AddPhone();
        (plain.IsSpeaking, plain.Hz) = (true, 400);
        var phone = Add(peerIsClient, peer: new IndependentPeer(peerIsClient) { Profiles = [profile] });
        phone.Connect();
        phone.Run(12);
        Assert.That(Level(phone.Heard, 400), Is.EqualTo(-12).Within(1), "the secure one hears the plain one");
        Assert.That(Level(plain.Heard, 1000), Is.EqualTo(-12).Within(1), "and the other way");
        Assert.That(phone.Unauthentic, Is.Zero, "nothing came in the clear");
        Assert.That(phone.Reports, Is.Positive, "reports come");
        Assert.That(CertificateFingerprint.Of(phone.Peer.Seen), Is.EqualTo(Provider.Identity.Fingerprint), "whom the description shows");
        Assert.That(phone.Told, Is.EqualTo([$"latched {phone.Address}"]));
    }

    [Test]
    public void BeforeTheKeys_NothingIsTaken_AndNothingIsSent([Values] bool ice)
    {
        var plain = World.AddPhone();
        plain.IsSpeaking = true;
        var phone = Add(peerIsClient: true, ice, change: p => p);
        phone.Peer.TryTake(out _); // its ClientHello is not sent
        if (ice)
            phone.Check();
        for (var i = 0; i < 600; i++)
        {
            var packet = new byte[172];
            RtpHeader.Write(packet, 8, false, (ushort)i, (uint)(160 * i), 7);
            phone.Send(packet);
            World.Run(0.02);
        }

        phone.IsSpeaking = false;
        phone.Tick();
        Assert.That(phone.Unauthentic, Is.Zero, "0 packets, and 0 reports in 12 seconds");
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.Zero);
        Assert.That(phone.Leg.GetStatistics().PacketsSent, Is.Zero);
        Assert.That(phone.Told, Is.Empty);
    }

    [Test]
    public void OtherCertificate_EndsIt([Values] bool peerIsClient)
    {
        var phone = Add(peerIsClient, change: p => p with
        {
            Dtls = p.Dtls! with { RemoteFingerprints = [CertificateFingerprint.Of([1, 2, 3])] },
        });
        phone.RunUntil(() => phone.Told.Count > 0);
        phone.Run(1);
        Assert.That(phone.Told, Is.EqualTo(["failed FingerprintMismatch"]));
        Assert.That(phone.Packets + phone.Unauthentic, Is.Zero);
    }

    // RFC 5764 §4.1: without rtcp-mux there are two associations, and both are with whom the description named.
    [TestCase(true)]
    [TestCase(false)]
    public void OtherCertificateOnThePortOfRtcp_EndsIt(bool isOther)
    {
        var phone = Add(change: p => p with { RtcpMux = false });
        Assert.That(World.Network.TryBind(phone.Address.Address, phone.Address.Port + 1, out var socket));
        using var rtcp = socket!;
        using var other = new IndependentPeer(isClient: true);
        var peer = isOther ? other : phone.Peer.Again();
        peer.Start();
        phone.Connect();
        var there = MediaAddress.From(new IPEndPoint(phone.Leg.LocalEndPoint.Address, phone.Leg.LocalEndPoint.Port + 1));
        var buffer = new byte[2048];
        phone.RunUntil(() =>
        {
            while (peer.TryTake(out var flight))
                rtcp.SendTo(flight, there);
            while (rtcp.Receive(buffer, out var datagram) != MediaReceive.None)
                peer.OnDatagram(buffer.AsSpan(0, datagram.Length).ToArray());
            return peer.IsDone && (!isOther || phone.Told.Exists(told => told.StartsWith("failed", StringComparison.Ordinal)));
        });
        Assert.That(phone.Told.Contains("failed FingerprintMismatch"), Is.EqualTo(isOther));
        if (!isOther)
            peer.Dispose();
    }

    [Test]
    public void OneOfSeveralFingerprints_IsEnough()
    {
        var phone = Add(change: p => p with
        {
            Dtls = p.Dtls! with { RemoteFingerprints = [CertificateFingerprint.Of([1, 2, 3]), .. p.Dtls.RemoteFingerprints] },
        });
        phone.Connect();
    }

    [Test]
    public void ClientWithoutACertificate_EndsIt()
    {
        var phone = Add(peer: new IndependentPeer(isClient: true) { ShowsCertificate = false });
        phone.RunUntil(() => phone.Told.Count > 0);
        Assert.That(phone.Told, Is.EqualTo(["failed FingerprintMismatch"]));
    }

    [Test]
    public void NoProfileInCommon_EndsIt([Values] bool peerIsClient)
    {
        var phone = Add(peerIsClient, peer: new IndependentPeer(peerIsClient) { Profiles = peerIsClient ? [] : [5] });
        phone.RunUntil(() => phone.Told.Count > 0);
        Assert.That(phone.Told, Is.EqualTo(["failed NoCommonProfile"]));
    }

    // A plain suite, one without forward secrecy, one without AEAD.
    [TestCase(CipherSuite.TLS_ECDHE_ECDSA_WITH_NULL_SHA)]
    [TestCase(CipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256)]
    [TestCase(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA)]
    public void WeakSuite_EndsIt(int suite)
    {
        var phone = Add(peer: new IndependentPeer(isClient: true) { Suites = [suite] });
        phone.RunUntil(() => phone.Told.Count > 0);
        Assert.That(phone.Told, Is.EqualTo(["failed HandshakeFailed"]));
    }

    [Test]
    public void SameParametersAgain_KeepTheAssociation()
    {
        var phone = Add();
        phone.Connect();
        phone.Update(p => p with { IsOnHold = true, Dtls = p.Dtls! with { RemoteFingerprints = [.. p.Dtls.RemoteFingerprints] } });
        phone.Run(0.5);
        phone.Update(p => p with { IsOnHold = false });
        var received = phone.Leg.GetStatistics().PacketsReceived;
        phone.Run(1);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received + 50));
        Assert.That(phone.Unauthentic, Is.Zero);
    }

    [Test]
    public void OtherFingerprint_IsAnotherAssociation_AndNothingPassesBeforeIt()
    {
        var phone = Add();
        phone.Connect();
        var received = phone.Leg.GetStatistics().PacketsReceived;
        phone.Update(p => p with { Dtls = p.Dtls! with { RemoteFingerprints = [CertificateFingerprint.Of([9])] } });
        phone.Run(0.02);
        var packets = phone.Packets;
        phone.Run(1);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received));
        Assert.That(phone.Packets, Is.EqualTo(packets));
        Assert.That(phone.Unauthentic, Is.Zero);
    }

    [Test]
    public void CloseNotify_StopsMedia_AndIsToldAfterAMoment()
    {
        var phone = Add();
        phone.Connect();
        phone.Peer.Close();
        phone.RunUntil(() => phone.Told.Count > 1);
        Assert.That(phone.Told, Has.Member("failed PeerClosed"));
        var (packets, reports) = (phone.Packets, phone.Reports);
        phone.Run(12);
        Assert.That((phone.Packets, phone.Reports, phone.Unauthentic), Is.EqualTo((packets, reports, 0)));
    }

    [Test]
    public void Close_SaysGoodbyeInRtcpAndInDtls()
    {
        var phone = Add();
        phone.Connect();
        var (reports, flights) = (phone.Reports, phone.Flights);
        phone.Leg.Close();
        phone.Run(0.1);
        Assert.That(phone.Reports, Is.EqualTo(reports + 1));
        Assert.That(phone.Flights, Is.EqualTo(flights + 1));
        phone.Peer.Pump();
        Assert.That(phone.Unauthentic, Is.Zero);
    }

    // RFC 5746; Triple Handshake. The association is neither begun anew nor ended.
    [Test]
    public void AnotherHandshake_OnARunningAssociation_IsPassedOver()
    {
        var phone = Add();
        phone.Connect();
        var flights = phone.Flights;
        using var second = new IndependentPeer(isClient: true);
        second.Start();
        Assert.That(SpinWait.SpinUntil(() => second.HasOutput, 5000), Is.True);
        second.TryTake(out var hello);
        for (var i = 0; i < 50; i++)
        {
            phone.Send(hello);
            phone.Run(0.02);
        }

        var received = phone.Leg.GetStatistics().PacketsReceived;
        phone.Run(1);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received + 50));
        Assert.That(phone.Flights, Is.EqualTo(flights));
        Assert.That(phone.Told, Has.Count.EqualTo(1), "and that is where audio comes from");
    }

    [Test]
    public void ServerRole_KeepsQuiet_UntilItIsSpokenTo()
    {
        var phone = Add(peerIsClient: true);
        World.Run(5);
        Assert.That(phone.Flights, Is.Zero);
        Assert.That(Provider.Handshakes, Is.Zero, "and no thread waits");
    }
}
