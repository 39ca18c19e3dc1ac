using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

/// <summary>
/// How the encoder follows the receiver's reports: losses are believed at once and forgotten slowly, and nothing goes above the limits.
/// </summary>
[TestFixture]
public class OpusAdaptationTests
{
    private static readonly OpusEncoderOptions Limits = new() { Bitrate = 24_000, Complexity = 5, ExpectedLossPercent = 0 };

    [Test]
    public void Loss_FirstReport_IsBelievedAtOnce()
    {
        var tuning = new OpusAdaptation(Limits).OnReport(0.06, null);

        Assert.That(tuning, Is.EqualTo(new OpusTuning(24_000, 4, true, 6)));
    }

    [Test]
    public void Loss_OneGoodReport_IsNotBelieved()
    {
        var adaptation = new OpusAdaptation(Limits);
        adaptation.OnReport(0.08, null);

        Assert.That(adaptation.OnReport(0, null), Is.EqualTo(new OpusTuning(24_000, 4, true, 6)));
        var reports = 1;
        while (adaptation.OnReport(0, null).UseInBandFec)
            reports++;
        Assert.That(reports, Is.InRange(4, 10), "20 to 50 s of reports without a loss");
        Assert.That(
            adaptation.OnReport(0, null), Is.EqualTo(new OpusTuning(24_000, 5, false, 0)).Or.EqualTo(new OpusTuning(24_000, 5, false, 1)));
    }

    [Test]
    public void Fec_AroundItsThreshold_DoesNotToggle()
    {
        var adaptation = new OpusAdaptation(Limits);
        Assert.That(adaptation.OnReport(0.015, null).UseInBandFec, Is.False);
        Assert.That(adaptation.OnReport(0.021, null).UseInBandFec, Is.True);
        for (var i = 0; i < 20; i++)
            Assert.That(adaptation.OnReport(0.015 + (0.01 * (i % 2)), null).UseInBandFec, Is.True);
    }

    [Test]
    public void Fec_ReceiverWithoutIt_NeverComes()
    {
        var adaptation = new OpusAdaptation(Limits with { UseInBandFec = false });

        for (var i = 0; i < 20; i++)
            Assert.That(adaptation.OnReport(0.3, null),
                Has.Property(nameof(OpusTuning.UseInBandFec)).False.And.Property(nameof(OpusTuning.Complexity)).EqualTo(5));
    }

    [Test]
    public void Bitrate_HeavyLoss_GoesDownAndComesBackWhenItIsOver()
    {
        var adaptation = new OpusAdaptation(Limits);
        var rates = Enumerable.Range(0, 10).Select(_ => adaptation.OnReport(0.25, null).Bitrate).ToArray();
        Assert.That(rates, Is.Ordered.Descending);
        Assert.That(rates[^1], Is.EqualTo(12_000));

        Assert.That(adaptation.OnReport(0.05, null).Bitrate, Is.EqualTo(12_000), "some loss: it stays");
        Assert.That(adaptation.OnReport(0, null).Bitrate, Is.EqualTo(12_000), "one good report: it stays");
        rates = [.. Enumerable.Range(0, 12).Select(_ => adaptation.OnReport(0, null).Bitrate)];
        Assert.That(rates, Is.Ordered.Ascending);
        Assert.That(rates[^1], Is.EqualTo(24_000));
    }

    [Test]
    public void Bitrate_RoundTripGrows_GoesDownAsTheWayIsFull()
    {
        var adaptation = new OpusAdaptation(Limits);
        Assert.That(adaptation.OnReport(0, TimeSpan.FromMilliseconds(50)).Bitrate, Is.EqualTo(24_000));
        Assert.That(adaptation.OnReport(0, TimeSpan.FromMilliseconds(120)).Bitrate, Is.EqualTo(24_000));
        Assert.That(adaptation.OnReport(0, TimeSpan.FromMilliseconds(400)).Bitrate, Is.EqualTo(20_400));
    }

    [Test]
    public void Bitrate_LongWay_IsNoFullWay()
    {
        var adaptation = new OpusAdaptation(Limits);
        for (var i = 0; i < 20; i++)
            Assert.That(adaptation.OnReport(0, TimeSpan.FromMilliseconds(600 + (i % 2 * 150))).Bitrate, Is.EqualTo(24_000), "satellite");
    }

    [Test]
    public void EveryReport_StaysWithinTheLimits()
    {
        var random = new Random(7);
        foreach (var bitrate in new[] { 6000, 8000, 24_000, 510_000 })
        {
            var limits = Limits with { Bitrate = bitrate, Complexity = random.Next(11), ExpectedLossPercent = random.Next(101) };
            var adaptation = new OpusAdaptation(limits);
            for (var i = 0; i < 2000; i++)
            {
                var lost = random.Next(5) switch { 0 => double.NaN, 1 => -1, 2 => 7, _ => random.NextDouble() };
                var tuning = adaptation.OnReport(
                    random.Next(3) == 0 ? lost : 0, random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(-100, 3000)));
                Assert.That(tuning.Bitrate, Is.InRange(Math.Min(12_000, bitrate), bitrate));
                Assert.That(tuning.Complexity, Is.InRange(0, limits.Complexity));
                Assert.That(tuning.ExpectedLossPercent, Is.InRange(0, 100));
            }
        }
    }
}
