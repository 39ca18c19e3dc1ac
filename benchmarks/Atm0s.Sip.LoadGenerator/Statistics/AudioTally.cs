namespace Atm0s.Sip.LoadGenerator.Statistics;

/// <summary>What the callers heard, over all calls of a kind.</summary>
internal sealed class AudioTally
{
    /// <summary>Calls that had audio.</summary>
    public long Calls { get; private set; }

    /// <summary>Packets that came.</summary>
    public long Received { get; private set; }

    /// <summary>Packets that should have come: one for each 20 ms between answer and BYE.</summary>
    public long Expected { get; private set; }

    /// <summary>Packets whose numbers are missing among those that came.</summary>
    public long Lost { get; private set; }

    /// <summary>The longest time between two packets of one call, in nanoseconds.</summary>
    public long MaxGap { get; private set; }

    /// <summary>The calls whose longest gap was above 60 ms, which an ear notices.</summary>
    public long CallsWithGap { get; private set; }

    /// <summary>What came of what should, 0 to 1.</summary>
    public double Part => Expected == 0 ? double.NaN : Math.Min((double)Received / Expected, 1);

    public void Add(long received, long expected, long lost, long maxGap)
    {
        Calls++;
        Received += received;
        Expected += expected;
        Lost += lost;
        MaxGap = Math.Max(MaxGap, maxGap);
        if (maxGap > 60 * Clock.Millisecond)
            CallsWithGap++;
    }
}
