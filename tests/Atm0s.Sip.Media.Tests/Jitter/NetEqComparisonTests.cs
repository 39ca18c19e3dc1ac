namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>
/// Ten minutes of each network, at four phases of the sender against the ticks: not more is made up than by NetEq's rules, at no more
/// delay; on the same packets, and against the figures that were measured for those rules before.
/// </summary>
public sealed class NetEqComparisonTests
{
    private static readonly double[] Phases = [2, 7, 12, 17];

    [TestCase("LAN", 0.00, 27)]
    [TestCase("normal 20 ms, reordered", 0.01, 85)]
    [TestCase("normal 20 ms, in order", 0.01, 83)]
    [TestCase("normal 60 ms, reordered", 0.03, 221)]
    [TestCase("normal 60 ms, in order", 0.03, 235)]
    [TestCase("200 ms every 5 s", 0.03, 196)]
    [TestCase("400 ms every 10 s", 0.06, 391)]
    [TestCase("Wi-Fi", 0.08, 84)]
    [TestCase("80 ms longer for 10 of 20 s", 0.01, 127)]
    public void ConcealedShareAndDelay_AreNotAboveNetEq(string network, double percent, double delay)
    {
        var ours = Mean(phase => Play(Network(network, phase)));
        var netEq = Mean(phase => new NetEqModel().Play(Network(network, phase)));
        TestContext.Out.WriteLine($"{network}: {ours}; NetEq {netEq}");

        Assert.That(ours.Delay, Is.LessThanOrEqualTo(delay));
        Assert.That(100 * ours.Concealed, Is.LessThan(percent + 0.0055), "rounded; the first stall of 400 ms alone is 0.065");
        Assert.That(
            ours.Concealed <= netEq.Concealed || ours.Delay < netEq.Delay - 10,
            Is.True,
            "NetEq's rules start with 80 ms: where the jitter is 60 ms that spares them 60 ms once, at 25 ms more in the mean");
    }

    /// <summary>
    /// The first of these stalls comes when nothing is known, and is 0.03 % of ten minutes by itself; the figure measured before (0.01 %
    /// at 201 ms) started with 80 ms of delay in every call. On the same packets NetEq's rules are behind.
    /// </summary>
    [Test]
    public void StallEachSecond_IsConcealedOnce_AndLessThanByNetEq()
    {
        var ours = Mean(phase => Play(Traces.Stalls(200, 1000, phase: phase)));
        var netEq = Mean(phase => new NetEqModel().Play(Traces.Stalls(200, 1000, phase: phase)));
        TestContext.Out.WriteLine($"200 ms every 1 s: {ours}; NetEq {netEq}");

        Assert.That(ours.Concealed, Is.LessThanOrEqualTo(netEq.Concealed));
        Assert.That(ours.Delay, Is.LessThanOrEqualTo(netEq.Delay));
        Assert.That(ours.Concealed * 600_000, Is.LessThan(200), "no more than the first stall");
    }

    [TestCase(1), TestCase(3)]
    public void Loss_CostsWhatIsLost_AndNoDelay(int length)
    {
        var lost = 0.0;
        var ours = Mean(phase =>
        {
            var trace = Traces.Losses(length, phase: phase);
            lost += (1 - (trace.Count / 30_000.0)) / Phases.Length;
            return Play(trace);
        });
        TestContext.Out.WriteLine($"losses of {length}: {ours}, lost {100 * lost:F3} %");

        Assert.That(ours.Concealed, Is.EqualTo(lost).Within(0.0005));
        Assert.That(ours.Delay, Is.LessThan(20));
    }

    private static List<TracePacket> Network(string name, double phase) => name switch
    {
        "LAN" => Traces.Gauss(2, keepsOrder: true, phase: phase),
        "normal 20 ms, reordered" => Traces.Gauss(20, keepsOrder: false, phase: phase),
        "normal 20 ms, in order" => Traces.Gauss(20, keepsOrder: true, phase: phase),
        "normal 60 ms, reordered" => Traces.Gauss(60, keepsOrder: false, phase: phase),
        "normal 60 ms, in order" => Traces.Gauss(60, keepsOrder: true, phase: phase),
        "200 ms every 5 s" => Traces.Stalls(200, 5000, phase: phase),
        "400 ms every 10 s" => Traces.Stalls(400, 10_000, phase: phase),
        "Wi-Fi" => Traces.WiFi(phase: phase),
        _ => Traces.Steps(phase: phase),
    };

    private static TraceResult Play(List<TracePacket> trace)
    {
        using var player = new TracePlayer(Tone.MakeVoice(8000, 160_000, syllables: true));
        return player.Play(trace);
    }

    private static TraceResult Mean(Func<double, TraceResult> play)
    {
        var results = Array.ConvertAll(Phases, phase => play(phase));
        return new TraceResult(
            results.Average(result => result.Concealed),
            results.Average(result => result.NeverPlayed),
            results.Average(result => result.Delay),
            results.Average(result => result.Stretches));
    }
}
