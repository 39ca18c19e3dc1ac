using Atm0s.Sip.LoadGenerator.Statistics;

namespace Atm0s.Sip.LoadGenerator.Tests;

[TestFixture]
public sealed class LatencyHistogramTests
{
    private const long Microsecond = 1_000;

    [TestCase(0.5, 5_000)]
    [TestCase(0.95, 9_500)]
    [TestCase(0.99, 9_900)]
    [TestCase(1, 10_000)]
    public void Percentile_OfEvenlySpreadTimes_IsWithinOnePerCent(double part, long microseconds)
    {
        var histogram = new LatencyHistogram();
        for (var i = 1; i <= 10_000; i++)
            histogram.Add(i * Microsecond);

        Assert.That(histogram.Percentile(part), Is.EqualTo(microseconds * Microsecond).Within(1).Percent);
        Assert.That(histogram.Count, Is.EqualTo(10_000));
        Assert.That(histogram.Max, Is.EqualTo(10_000 * Microsecond));
    }

    [TestCase(1)]
    [TestCase(127)]
    [TestCase(128)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(1_000_003)]
    [TestCase(3_600_000_000)]
    public void Percentile_OfOneTime_IsThatTime(long microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(microseconds * Microsecond);

        Assert.That(histogram.Percentile(0.5), Is.EqualTo(microseconds * Microsecond));
    }

    [Test]
    public void Percentile_BesideALongerTime_IsAtMostOnePerCentAbove([Values(1, 100, 130, 999, 54_321, 7_654_321)] long microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(microseconds * Microsecond);
        histogram.Add(long.MaxValue / 2);

        Assert.That(histogram.Percentile(0.5), Is.InRange(microseconds * Microsecond, ((microseconds * 1.01) + 1) * Microsecond));
    }

    [Test]
    public void Percentile_OfNothing_IsZero() => Assert.That(new LatencyHistogram().Percentile(0.99), Is.Zero);
}
