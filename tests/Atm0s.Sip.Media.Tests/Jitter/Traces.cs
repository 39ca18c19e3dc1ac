namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>
/// Networks, each as a list of packets in the order in which they come. 3 ms are the least on the way; all else is chance from a seed,
/// so that a trace is the same every time.
/// </summary>
internal static class Traces
{
    private const double Base = 3;
    private const double Phase = 7; // of the sender against the ticks, ms

    /// <summary>A wired network: one-sided normal jitter.</summary>
    public static List<TracePacket> Gauss(double deviation, bool keepsOrder, int seconds = 600, int seed = 1, double phase = Phase)
    {
        var random = new Random(seed);
        return Make(seconds, phase, _ => Math.Abs(Normal(random)) * deviation, keepsOrder);
    }

    /// <summary>Every so often nothing comes for a while, then all at once.</summary>
    public static List<TracePacket> Stalls(double length, double every, int seconds = 600, int seed = 2, double phase = Phase)
    {
        var random = new Random(seed);
        var starts = new List<double>();
        for (var at = every / 2; at < seconds * 1000; at += every)
            starts.Add(at + (random.NextDouble() * 20));
        return Make(seconds, phase, sent =>
        {
            var jitter = Math.Abs(Normal(random)) * 1;
            var stall = starts.FindLast(start => start <= sent + Base + jitter);
            return stall > 0 && sent + Base + jitter < stall + length ? stall + length - sent - Base : jitter;
        }, keepsOrder: true);
    }

    /// <summary>A busy radio channel: exponential jitter of 4 ms in the mean, and one packet in fifty 30 to 80 ms late.</summary>
    public static List<TracePacket> WiFi(int seconds = 600, int seed = 3, double phase = Phase)
    {
        var random = new Random(seed);
        return Make(
            seconds,
            phase,
            _ => (-4 * Math.Log(1 - random.NextDouble())) + (random.NextDouble() < 0.02 ? 30 + (50 * random.NextDouble()) : 0),
            keepsOrder: false);
    }

    /// <summary>A path that is 80 ms longer for ten of every twenty seconds.</summary>
    public static List<TracePacket> Steps(int seconds = 600, int seed = 4, double phase = Phase)
    {
        var random = new Random(seed);
        return Make(seconds, phase, sent => (sent % 20_000 >= 10_000 ? 80 : 0) + Math.Abs(Normal(random)), keepsOrder: true);
    }

    /// <summary>A clean path that loses 5 % of the packets, <paramref name="length"/> in a row on average.</summary>
    public static List<TracePacket> Losses(int length, int seconds = 600, int seed = 5, double phase = Phase)
    {
        var random = new Random(seed);
        var lost = false;
        var trace = Gauss(1, keepsOrder: true, seconds, seed, phase);
        trace.RemoveAll(_ =>
        {
            lost = random.NextDouble() < (lost ? 1 - (1.0 / length) : length == 1 ? 0.05 : 0.05 / 0.95 / length);
            return lost;
        });
        return trace;
    }

    /// <summary>A clean path between clocks that differ.</summary>
    public static List<TracePacket> Drift(
        double partsPerMillion, double jitter, int seconds, double phase = Phase, int packetTime = 20, int seed = 6)
    {
        var random = new Random(seed);
        return Make(seconds, phase, _ => Math.Abs(Normal(random)) * jitter, true, packetTime * (1 + (partsPerMillion / 1e6)));
    }

    private static List<TracePacket> Make(int seconds, double phase, Func<double, double> delay, bool keepsOrder, double packetTime = 20)
    {
        var trace = new List<TracePacket>();
        var last = 0.0;
        for (var i = 0; i * packetTime < seconds * 1000; i++)
        {
            var sent = (i * packetTime) + phase;
            var arrival = sent + Base + delay(sent);
            if (keepsOrder)
                arrival = last = Math.Max(last, arrival);
            trace.Add(new TracePacket(i, sent, arrival));
        }

        trace.Sort((a, b) => a.Arrival.CompareTo(b.Arrival) is var order and not 0 ? order : a.Number.CompareTo(b.Number));
        return trace;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
