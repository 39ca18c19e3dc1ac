using System.Buffers.Binary;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Rtp;

[TestFixture]
[Property("rfc", "3611-4.7")]
public class RtcpXrVoipMetricsTests
{
    private const uint Sender = 0x01020304;
    private const uint Source = 0xAABBCCDD;

    private static readonly RtcpXrVoipMetrics Full = new()
    {
        Source = Source,
        Losses = new BurstGapMetrics(12.9 / 256, 3 / 256.0, 84 / 256.0, 10 / 256.0, Milliseconds(120), Milliseconds(520)),
        RoundTrip = Milliseconds(61),
        EndSystemDelay = Milliseconds(83.6),
        SignalLevel = -18,
        NoiseLevel = -60,
        Rating = 89.4,
        ListeningScore = 4.33,
        ConversationalScore = 4.26,
        Concealment = LossConcealment.Standard,
        JitterBuffer = JitterBufferKind.Adaptive,
        JitterBufferRate = 5,
        JitterBufferNominal = Milliseconds(40),
        JitterBufferMaximum = Milliseconds(120),
        JitterBufferAbsoluteMaximum = Milliseconds(400),
    };

    [Test]
    public void Write_Block_HasTheOctetsOfTheFigure()
    {
        var packet = new byte[RtcpXrVoipMetrics.PacketLength];

        Assert.That(Full.Write(Sender, packet), Is.EqualTo(44));

        Assert.That(Convert.ToHexString(packet), Is.EqualTo(
            "80CF000A" + "01020304" // version 2, type 207, ten words more
            + "07000008" + "AABBCCDD"
            + "0C03540A"            // loss, discard, burst and gap density
            + "00780208"            // 120, 520 ms
            + "003D0054"            // 61, 84 ms
            + "EEC47F10"            // -18, -60, RERL unavailable, Gmin 16
            + "597F2B2B"            // R 89, no other network, 4.3, 4.3
            + "F5000028"            // standard, adaptive, 5; 40 ms
            + "00780190"));         // 120, 400 ms
    }

    [Test]
    public void TryRead_WrittenBlock_IsTheSame()
    {
        var packet = new byte[RtcpXrVoipMetrics.PacketLength];
        Full.Write(Sender, packet);

        Assert.That(RtcpXrVoipMetrics.TryRead(packet, Source, out var read));

        Assert.That(read, Is.EqualTo(Full with
        {
            Losses = Full.Losses with { LossRate = 12 / 256.0 },
            EndSystemDelay = Milliseconds(84),
            Rating = 89,
            ListeningScore = 4.3,
            ConversationalScore = 4.3,
        }));
    }

    [Test]
    public void Write_ValuesOutOfRange_AreClamped()
    {
        var packet = new byte[RtcpXrVoipMetrics.PacketLength];
        new RtcpXrVoipMetrics
        {
            Losses = new BurstGapMetrics(1, double.NaN, 7, -1, TimeSpan.MaxValue, -Milliseconds(5)),
            SignalLevel = 500,
            NoiseLevel = -500,
            ResidualEchoReturnLoss = -3,
            GapThreshold = 0,
            Rating = 140,
            ExternalRating = double.NaN,
            ListeningScore = 0,
            ConversationalScore = 9,
            JitterBufferRate = 99,
        }.Write(Sender, packet);

        Assert.That(Convert.ToHexString(packet)[32..48], Is.EqualTo("FF00FF00" + "FFFF0000"));
        Assert.That(Convert.ToHexString(packet)[56..80], Is.EqualTo("7E800001" + "647F0A32" + "0F000000"));
    }

    [Test]
    public void Write_Nothing_IsUnavailableWhereThatCanBeTold()
    {
        var packet = new byte[RtcpXrVoipMetrics.PacketLength];
        new RtcpXrVoipMetrics().Write(Sender, packet);

        Assert.That(Convert.ToHexString(packet)[56..72], Is.EqualTo("7F7F7F10" + "7F7F7F7F"));
    }

    [Test]
    public void Write_DestinationTooShort_WritesNothing() => Assert.That(Full.Write(Sender, new byte[43]), Is.Zero);

    [Test]
    public void TryRead_ScoresOutOfRange_AreUnavailable()
    {
        var packet = new byte[RtcpXrVoipMetrics.PacketLength];
        Full.Write(Sender, packet);
        // §4.7.5: other values must be ignored.
        foreach (var (at, value) in new[] { (32, 101), (33, 126), (34, 9), (35, 51), (30, 200) })
            packet[at] = (byte)value;

        Assert.That(RtcpXrVoipMetrics.TryRead(packet, Source, out var read));

        Assert.That((read.Rating, read.ExternalRating), Is.EqualTo(((double?)null, (double?)null)));
        Assert.That((read.ListeningScore, read.ConversationalScore), Is.EqualTo(((double?)null, (double?)null)));
        Assert.That(read.ResidualEchoReturnLoss, Is.Null);
    }

    [Test]
    public void TryRead_OtherBlocksAndPadding_AreSkipped()
    {
        var own = new byte[RtcpXrVoipMetrics.PacketLength];
        Full.Write(Sender, own);
        byte[] packet =
        [
            0xA0, 207, 0, 0, 1, 2, 3, 4,
            4, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8,          // a receiver reference time
            99, 0, 0, 0,                                  // empty, of a type to come
            .. own[8..12], 0, 0, 0, 1, .. own[16..],      // about another stream
            .. own[8..],
            0, 0, 0, 4,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((packet.Length / 4) - 1));

        Assert.That(RtcpXrVoipMetrics.TryRead(packet, Source, out var read));
        Assert.That(read.RoundTrip, Is.EqualTo(Milliseconds(61)));
        Assert.That(RtcpXrVoipMetrics.TryRead(packet, 1, out _));
        Assert.That(RtcpXrVoipMetrics.TryRead(packet, 2, out _), Is.False);
    }

    [TestCase(0, 0x40)]   // version 1
    [TestCase(1, 201)]    // a receiver report
    [TestCase(3, 11)]     // longer than it is
    [TestCase(3, 9)]      // shorter than its block
    [TestCase(11, 9)]     // a block longer than the packet
    [TestCase(11, 7)]     // a block of another length
    [TestCase(8, 6)]      // a block of another type
    [TestCase(0, 0xA0)]   // padding that goes into the block
    public void TryRead_OneOctetWrong_IsRefused(int at, int value)
    {
        var packet = new byte[RtcpXrVoipMetrics.PacketLength];
        Full.Write(Sender, packet);
        packet[at] = (byte)value;

        Assert.That(RtcpXrVoipMetrics.TryRead(packet, Source, out _), Is.False);
    }

    [Test]
    public void TryRead_GarbageAndEveryTruncation_NeverThrows()
    {
        var good = new byte[RtcpXrVoipMetrics.PacketLength];
        Full.Write(Sender, good);
        for (var length = 0; length < good.Length; length++)
            Assert.That(RtcpXrVoipMetrics.TryRead(good.AsSpan(0, length), Source, out _), Is.False);

        var random = new Random(12);
        var packet = new byte[200];
        for (var i = 0; i < 200_000; i++)
        {
            random.NextBytes(packet);
            good.CopyTo(packet, 0);
            for (var n = random.Next(1, 6); n > 0; n--)
                packet[random.Next(0, 44)] = (byte)random.Next(256);
            RtcpXrVoipMetrics.TryRead(packet.AsSpan(0, random.Next(0, 200)), Source, out _);
        }
    }

    [Test]
    public void WriteAndRead_Warm_AllocateNothing()
    {
        var packet = new byte[RtcpXrVoipMetrics.PacketLength];

        Assert.That(AllocationMeter.Measure(() =>
        {
            Full.Write(Sender, packet);
            RtcpXrVoipMetrics.TryRead(packet, Source, out _);
        }), Is.Zero);
    }

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
