using System.Net;
using Atm0s.Sip.Calls.Records;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Tests.Calls.Records;

/// <summary>The curves of a call.</summary>
public sealed class QualitySamplesTests
{
    private static readonly DateTimeOffset Begin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly double Half = 32768.0 * 32768.0 / 10;   // -10 dBov

    [Test]
    public void Sample_TellsWhatHappenedSinceTheLast()
    {
        var samples = new QualitySamples(10);
        samples.Add(Begin, Leg(received: 100, lost: 0, ticks: 100, heard: 100 * Half));
        samples.Add(Begin.AddSeconds(5), Leg(received: 190, lost: 10, ticks: 200, heard: 100 * Half, jitter: 12.5, mos: 3.9, trip: 80));

        Assert.That(samples.All, Has.Count.EqualTo(2));
        Assert.That((samples.All[0].LevelReceived, samples.All[0].LossShare), Is.EqualTo((-10, 0.0)));
        var second = samples.All[1];
        Assert.That(second.Timestamp, Is.EqualTo(Begin.AddSeconds(5)));
        Assert.That(second.LossShare, Is.EqualTo(0.1).Within(1e-6));
        Assert.That((second.LevelReceived, second.LevelSent), Is.EqualTo((-127, -127)), "nothing was said in these seconds");
        Assert.That(second.JitterMilliseconds, Is.EqualTo(12.5).Within(1e-3));
        Assert.That(second.Mos, Is.EqualTo(3.9).Within(1e-3));
        Assert.That(second.RoundTrip, Is.EqualTo(TimeSpan.FromMilliseconds(80)));
    }

    [Test]
    public void ManySamples_BecomeHalfAsMany_AndCoverTheWholeCall()
    {
        var samples = new QualitySamples(8);
        for (var i = 0; i < 1_000; i++)
            samples.Add(Begin.AddSeconds(5 * i), Leg(received: 250 * i, lost: 0, ticks: 250 * i, heard: 250 * i * Half));

        var all = samples.All;
        Assert.That(all, Has.Count.InRange(4, 8));
        Assert.That(all[^1].Timestamp, Is.GreaterThan(Begin.AddSeconds(5 * 1_000 * 0.7)));
        Assert.That(all.Select(sample => sample.Timestamp), Is.Ordered);
        Assert.That(all.Skip(1).Select(sample => sample.LevelReceived), Has.All.EqualTo(-10));
        Assert.That(samples.Memory, Is.LessThanOrEqualTo(8 * PackedSample.Size));
        Assert.That(PackedSample.Size, Is.LessThanOrEqualTo(24), "docs/limits.md says so");
    }

    [Test]
    public void OneSample_IsNoReasonToFail()
    {
        var samples = new QualitySamples(1);
        for (var i = 0; i < 5; i++)
            samples.Add(Begin.AddSeconds(i), Leg(0, 0, 0, 0));
        Assert.That(samples.All, Has.Count.EqualTo(1));
    }

    [Test]
    public void FiguresThatFellBack_AreNoNegativeLoss()
    {
        var samples = new QualitySamples(4);
        samples.Add(Begin, Leg(received: 100, lost: 50, ticks: 100, heard: 0));
        samples.Add(Begin.AddSeconds(5), Leg(received: 10, lost: 0, ticks: 10, heard: 0, jitter: double.NaN));
        Assert.That(samples.All[1].LossShare, Is.Zero);
    }

    private static RtpLegStatistics Leg(
        long received, long lost, long ticks, double heard, double jitter = 0, double? mos = null, int? trip = null) => new()
        {
            Codec = "PCMA",
            Local = new IPEndPoint(IPAddress.Loopback, 4000),
            PacketsReceived = received,
            PacketsLost = lost,
            Ticks = ticks,
            ReceivedEnergy = heard,
            JitterMilliseconds = jitter,
            Mos = mos,
            RoundTrip = trip is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
        };
}
