using System.Numerics;

namespace Atm0s.Sip.LoadGenerator.Statistics;

/// <summary>Counts durations in buckets of less than one per cent, in constant memory, from a microsecond to over an hour.</summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 7; // 128 buckets for each doubling
    private const int Doublings = 26;
    private readonly long[] _counts = new long[(Doublings + 1) << Bits];

    public long Count { get; private set; }

    /// <summary>The longest, in nanoseconds.</summary>
    public long Max { get; private set; }

    /// <summary>Adds one.</summary>
    /// <param name="nanoseconds">0 or more.</param>
    public void Add(long nanoseconds)
    {
        _counts[Bucket(Math.Max(nanoseconds, 0) / 1000)]++;
        Count++;
        Max = Math.Max(Max, nanoseconds);
    }

    /// <summary>The duration that this part of all does not exceed, in nanoseconds; 0 when there are none.</summary>
    /// <param name="part">0 to 1: 0.99 for the 99th percentile.</param>
    public long Percentile(double part)
    {
        var wanted = Math.Max((long)Math.Ceiling(part * Count), 1);
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
                return Math.Min(UpperEdge(i) * 1000, Max);
        }

        return 0;
    }

    /// <summary>The same in milliseconds, for people.</summary>
    public string Text(double part) => Culture.Milliseconds(Percentile(part));

    private static int Bucket(long microseconds)
    {
        if (microseconds < 1 << Bits)
            return (int)microseconds;
        var shift = Math.Min(BitOperations.Log2((ulong)microseconds) - Bits, Doublings - 1);
        return ((shift + 1) << Bits) + (int)Math.Min((microseconds >> shift) - (1 << Bits), (1 << Bits) - 1);
    }

    private static long UpperEdge(int bucket)
    {
        var doubling = bucket >> Bits;
        return doubling == 0 ? bucket + 1 : ((bucket & ((1 << Bits) - 1)) + (1L << Bits) + 1) << (doubling - 1);
    }
}
