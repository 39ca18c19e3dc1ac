using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Rtp;

/// <summary>1: received, 0: lost, X: discarded.</summary>
[TestFixture]
[Property("rfc", "3611-4.7.2")]
public class BurstGapMeterTests
{
    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(10);

    [Test]
    public void Measure_ExampleOfTheRfc_IsItsFigures()
    {
        var metrics = Measure("11110111111111111111111X111X1011110111111111111111111X111111111");

        // The example has 64 packets in its text and 63 in its picture.
        Assert.That(metrics.LossRate, Is.EqualTo(3 / 63.0));
        Assert.That(metrics.DiscardRate, Is.EqualTo(3 / 63.0));
        Assert.That(metrics.BurstDensity, Is.EqualTo(4 / 12.0).Within(1e-9));
        Assert.That(metrics.GapDensity, Is.EqualTo(2 / 51.0).Within(1e-9));
        Assert.That(metrics.BurstDuration, Is.EqualTo(TimeSpan.FromMilliseconds(120)));
        Assert.That(metrics.GapDuration, Is.EqualTo(TimeSpan.FromMilliseconds((230 + 280) / 2)), "the mean of both gaps");
    }

    [TestCase("")]
    public void Measure_NothingYet_IsZero(string packets) => Assert.That(Measure(packets), Is.EqualTo(default(BurstGapMetrics)));

    [TestCase("1111", 0, 0, 0, 40)]
    [TestCase("0", 0, 1, 0, 10)]                                  // alone, it is a loss in a gap
    [TestCase("00", 1, 0, 20, 0)]
    [TestCase("0011", 1, 0, 20, 20)]
    [TestCase("1100", 1, 0, 20, 20)]
    [TestCase("0111111111111111" + "10", 0, 2 / 18.0, 0, 180)]    // 16 between them: two gaps' losses
    [TestCase("0111111111111111" + "0", 2 / 17.0, 0, 170, 0)]     // 15: a burst
    [TestCase("1" + "00" + "1111111111111111" + "00" + "1", 1, 0, 20, 60)]
    public void Measure_Pattern_IsBurstsAndGaps(string packets, double burst, double gap, double burstMilliseconds, double gapMilliseconds)
    {
        var metrics = Measure(packets);

        Assert.That((metrics.BurstDensity, metrics.GapDensity), Is.EqualTo((burst, gap)).Within(1e-9));
        Assert.That(metrics.BurstDuration.TotalMilliseconds, Is.EqualTo(burstMilliseconds).Within(1e-3));
        Assert.That(metrics.GapDuration.TotalMilliseconds, Is.EqualTo(gapMilliseconds).Within(1e-3));
    }

    [Test]
    public void Measure_RandomPatterns_AgreeWithTheDefinitionReadLiterally()
    {
        var random = new Random(8);
        for (var round = 0; round < 400; round++)
        {
            var loss = random.NextDouble() * 0.4;
            var count = random.Next(1, 300);
            var packets = new string([.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < loss ? "0X"[random.Next(2)] : '1')]);

            Assert.That(Measure(packets), Is.EqualTo(ByDefinition(packets)).Using<BurstGapMetrics>(IsNear), packets);
        }
    }

    [TestCase("1111", 1)]
    [TestCase("0000", 1)]
    [TestCase("1011101111", 0.8)]            // two losses of ten, alone: 1 * (1 - 0.2)
    [TestCase("1111001111", 1.6)]            // two in a row: 2 * 0.8
    [TestCase("00X0111111", 2.4)]
    public void BurstRatio_Pattern_IsMeanRunOverThatOfRandomLosses(string packets, double ratio)
    {
        var meter = new BurstGapMeter();
        Feed(meter, packets);

        Assert.That(meter.BurstRatio, Is.EqualTo(ratio).Within(1e-9));
    }

    [Test]
    public void BurstRatio_RandomLosses_IsOne()
    {
        var random = new Random(3);
        var meter = new BurstGapMeter();
        for (var i = 0; i < 200_000; i++)
        {
            if (random.Next(20) == 0)
                meter.Lost();
            else
                meter.Received();
        }

        Assert.That(meter.BurstRatio, Is.EqualTo(1).Within(0.02));
        Assert.That(meter.Packets, Is.EqualTo(200_000));
    }

    [Test]
    public void ReceivedAndMeasure_Warm_AllocateNothing()
    {
        var meter = new BurstGapMeter();

        Assert.That(AllocationMeter.Measure(() =>
        {
            meter.Received();
            meter.Lost();
            meter.Discarded();
            meter.Measure(PacketTime);
        }), Is.Zero);
    }

    private static BurstGapMetrics Measure(string packets)
    {
        var meter = new BurstGapMeter();
        Feed(meter, packets);
        return meter.Measure(PacketTime);
    }

    private static void Feed(BurstGapMeter meter, string packets)
    {
        foreach (var packet in packets)
        {
            if (packet == '1')
                meter.Received();
            else if (packet == '0')
                meter.Lost();
            else
                meter.Discarded();
        }
    }

    /// <summary>Marks each packet as in a burst or not, then counts.</summary>
    private static BurstGapMetrics ByDefinition(string packets)
    {
        var missing = packets.Select((p, i) => (p, i)).Where(x => x.p != '1').Select(x => x.i).ToList();
        var inBurst = new bool[packets.Length];
        for (var n = 1; n < missing.Count; n++)
        {
            // Less than Gmin received between two losses: both are in one burst, and what lies between them.
            if (missing[n] - missing[n - 1] - 1 < 16)
                Array.Fill(inBurst, true, missing[n - 1], missing[n] - missing[n - 1] + 1);
        }

        int bursts = 0, gaps = 0;
        for (var i = 0; i < inBurst.Length; i++)
        {
            if (i > 0 && inBurst[i] == inBurst[i - 1])
                continue;
            bursts += inBurst[i] ? 1 : 0;
            gaps += inBurst[i] ? 0 : 1;
        }

        var burstPackets = inBurst.Count(b => b);
        var gapPackets = packets.Length - burstPackets;
        var burstLosses = missing.Count(i => inBurst[i]);
        return new BurstGapMetrics(
            packets.Count(p => p == '0') / (double)packets.Length,
            packets.Count(p => p == 'X') / (double)packets.Length,
            burstPackets == 0 ? 0 : burstLosses / (double)burstPackets,
            gapPackets == 0 ? 0 : (missing.Count - burstLosses) / (double)gapPackets,
            bursts == 0 ? TimeSpan.Zero : PacketTime * burstPackets / bursts,
            gaps == 0 ? TimeSpan.Zero : PacketTime * gapPackets / gaps);
    }

    private static bool IsNear(BurstGapMetrics a, BurstGapMetrics b) =>
        Math.Abs(a.LossRate - b.LossRate) + Math.Abs(a.DiscardRate - b.DiscardRate) + Math.Abs(a.BurstDensity - b.BurstDensity)
            + Math.Abs(a.GapDensity - b.GapDensity) < 1e-9
        && (a.BurstDuration - b.BurstDuration).Duration() < TimeSpan.FromMicroseconds(2)
        && (a.GapDuration - b.GapDuration).Duration() < TimeSpan.FromMicroseconds(2);
}
