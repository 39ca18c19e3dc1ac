using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Defence;

/// <summary>
/// A token bucket for each source, in a table of fixed size: who comes from everywhere costs no more memory, and pushes out only the
/// buckets of sources that were silent for longest, which are full again anyway. Allocates nothing. Any thread.
/// </summary>
/// <param name="perSecond">Requests a second; 0 for no limit.</param>
/// <param name="burst">Requests at once.</param>
internal sealed class SourceBuckets(int perSecond, int burst)
{
    /// <summary>Sources that are remembered: 1 MB.</summary>
    public const int Capacity = Sets * Ways;

    private const int Sets = 4096;
    private const int Ways = 8;
    private const int Locks = 64;

    private readonly SourceBucket[] _buckets = perSecond == 0 ? [] : new SourceBucket[Capacity];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];

    /// <summary>Requests a second.</summary>
    public int PerSecond => perSecond;

    /// <summary>Requests at once.</summary>
    public int Burst => burst;

    /// <summary>Takes one request out of the bucket of its source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="isInside">Whether the request claims to belong to something that is there.</param>
    /// <param name="now">The present time.</param>
    /// <param name="isNews">Whether the source has just come over its limit.</param>
    /// <returns>False when nothing is left.</returns>
    public bool TryTake(SourceKey source, bool isInside, TimeSpan now, out bool isNews)
    {
        isNews = false;
        if (perSecond == 0)
            return true;
        var set = (int)((uint)source.GetHashCode() % Sets);
        lock (_locks[set % Locks])
        {
            ref var bucket = ref Find(set, source, now);
            Refill(ref bucket, now);
            ref var left = ref (isInside ? ref bucket.LeftInside : ref bucket.Left);
            if (left >= 1)
            {
                left -= 1;
                return true;
            }

            isNews = !bucket.IsOver;
            bucket.IsOver = true;
            return false;
        }
    }

    private ref SourceBucket Find(int set, SourceKey source, TimeSpan now)
    {
        var ways = _buckets.AsSpan(set * Ways, Ways);
        var oldest = 0;
        for (var i = 0; i < Ways; i++)
        {
            ref var bucket = ref ways[i];
            if (bucket.At != default && bucket.Source == source.Value && bucket.IsIPv6 == source.IsIPv6)
                return ref bucket;
            if (bucket.At < ways[oldest].At)
                oldest = i;
        }

        ways[oldest] = new SourceBucket
        {
            Source = source.Value, IsIPv6 = source.IsIPv6, At = Later(default, now), Left = burst, LeftInside = burst,
        };
        return ref ways[oldest];
    }

    private void Refill(ref SourceBucket bucket, TimeSpan now)
    {
        // Each thread reads the clock for itself: one may be behind another.
        if (now <= bucket.At)
            return;
        var more = (float)((now - bucket.At).TotalSeconds * perSecond);
        bucket.Left = Math.Min(burst, bucket.Left + more);
        bucket.LeftInside = Math.Min(burst, bucket.LeftInside + more);
        bucket.At = now;
        if (bucket.Left >= burst / 2f && bucket.LeftInside >= burst / 2f)
            bucket.IsOver = false;
    }

    private static TimeSpan Later(TimeSpan free, TimeSpan now) => now > free ? now : TimeSpan.FromTicks(1);
}
