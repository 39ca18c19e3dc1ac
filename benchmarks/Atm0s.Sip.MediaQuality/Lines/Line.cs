namespace Atm0s.Sip.MediaQuality.Lines;

/// <summary>A network between a phone and the bridge. Everything random is seeded: the same packets fare the same each time.</summary>
/// <param name="Name">What the table calls it.</param>
internal sealed record Line(string Name)
{
    /// <summary>Share of packets lost, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>Mean length of a loss, in packets: 1 is random loss, more is Gilbert's model.</summary>
    public double BurstLength { get; init; } = 1;

    /// <summary>Every so many packets one is lost; 0 is none.</summary>
    public int OneInEvery { get; init; }

    /// <summary>Standard deviation of the delay, which is never early (the half normal). Packets may overtake each other.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How long nothing comes through, once in every ten seconds; what waited then comes at once.</summary>
    public TimeSpan Stall { get; init; }

    /// <summary>How much faster the phone's clock is, in parts per million.</summary>
    public double Drift { get; init; }

    /// <summary>When each packet arrives.</summary>
    /// <param name="count">Packets sent.</param>
    /// <param name="packetTime">Audio of each.</param>
    /// <param name="start">When the first one is sent.</param>
    /// <param name="seed">Seed of chance.</param>
    public IReadOnlyList<Arrival> Carry(int count, TimeSpan packetTime, TimeSpan start, int seed)
    {
        var random = new Random(seed);
        var arrivals = new List<Arrival>(count);
        var losing = false;
        for (var i = 0; i < count; i++)
        {
            var sent = start + (packetTime * (i / (1 + (Drift * 1e-6))));
            var due = sent + (Jitter * Math.Abs(Normal(random)));
            if (Stall > TimeSpan.Zero)
            {
                var phase = TimeSpan.FromTicks(due.Ticks % TimeSpan.FromSeconds(10).Ticks);
                if (phase >= TimeSpan.FromSeconds(5) && phase < TimeSpan.FromSeconds(5) + Stall)
                    due += TimeSpan.FromSeconds(5) + Stall - phase;
            }

            losing = random.NextDouble() < ChanceOfLoss(losing);
            var isLost = losing || (OneInEvery > 0 && i % OneInEvery == OneInEvery - 1);
            arrivals.Add(new Arrival(i, sent, isLost ? null : due));
        }

        return arrivals;
    }

    // Gilbert: out of a burst with 1/length, into one so often that the share lost comes out.
    private double ChanceOfLoss(bool losing)
    {
        if (BurstLength <= 1)
            return Loss;
        return losing ? 1 - (1 / BurstLength) : Loss / (1 - Loss) / BurstLength;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
}
