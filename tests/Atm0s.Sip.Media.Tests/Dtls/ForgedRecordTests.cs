using Atm0s.Sip.Media.Net;
using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>Records that anybody can make who can write the peer's address, without a key: they are passed over (RFC 6347 §4.1.2.7).</summary>
[Property("threat", "M6")]
public sealed class ForgedRecordTests : DtlsTestBase
{
    private const int ChaCha = CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
    private const int Gcm = CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;

    private static readonly int[] Bodies = [0, 1, 8, 15, 16, 23, 24, 1000];

    [Test]
    public void ForgedRecords_DoNotEndACall([Values] bool peerIsClient, [Values(Gcm, ChaCha)] int suite)
    {
        var phone = Add(peerIsClient, peer: new IndependentPeer(peerIsClient) { Suites = [suite] });
        phone.Connect();
        // In so few datagrams that none is lost before it is looked at: 32 may wait.
        ulong number = 1000;
        foreach (var body in Bodies)
        {
            var datagram = new List<byte>();
            for (byte type = 19; type <= 26; type++)
            {
                for (byte epoch = 0; epoch < 2; epoch++)
                    datagram.AddRange(Record(type, epoch, number++, body));
                if (datagram.Count < 1000)
                    continue;
                Forge(phone, [.. datagram]);
                datagram.Clear();
            }

            Forge(phone, [.. datagram]);
            phone.Run(0.02);
        }

        Verify(phone);
    }

    [Test]
    public void WhatFollowsARecordAndIsNone_DoesNotMakeAnAssociationDeaf([Values] bool peerIsClient, [Values(1, 12, 13, 40)] int length)
    {
        var phone = Add(peerIsClient);
        phone.Connect();
        foreach (var epoch in new byte[] { 0, 1 })
            Forge(phone, [.. Record(23, epoch, 1000, 24), .. Enumerable.Repeat((byte)0xFF, length)]);
        phone.Run(0.1);
        Verify(phone);
    }

    // Whoever still hears the peer's good-bye has lost nothing before.
    private static void Verify(SecurePhone phone)
    {
        var received = phone.Leg.GetStatistics().PacketsReceived;
        phone.Run(0.1);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received + 5));
        Assert.That(phone.Told, Has.Count.EqualTo(1).And.All.StartsWith("latched"));
        Assert.That(phone.Unauthentic, Is.Zero);
        phone.Peer.Close();
        phone.RunUntil(() => phone.Told.Count > 1);
        Assert.That(phone.Told[^1], Is.EqualTo("failed PeerClosed"));
    }

    private void Forge(SecurePhone phone, byte[] datagram)
    {
        if (datagram.Length > 0)
            World.Network.Send(MediaAddress.From(phone.Address), MediaAddress.From(phone.Leg.LocalEndPoint), datagram);
    }

    private static byte[] Record(byte type, byte epoch, ulong number, int body) =>
    [
        type, 0xFE, 0xFD, 0, epoch, 0, 0, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number,
        (byte)(body >> 8), (byte)body, .. Enumerable.Range(0, body).Select(i => (byte)(i * 37)),
    ];
}
