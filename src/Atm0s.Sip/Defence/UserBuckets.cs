namespace Atm0s.Sip.Defence;

/// <summary>
/// A token bucket for each user. Only requests with a right password are taken out of it: nobody can empty that of somebody else. Any
/// thread.
/// </summary>
/// <param name="perSecond">Requests a second; 0 for no limit.</param>
/// <param name="burst">Requests at once.</param>
internal sealed class UserBuckets(int perSecond, int burst)
{
    private const int MaxUsers = 65_536;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Left, TimeSpan At)> _buckets = new(StringComparer.Ordinal);

    /// <summary>Requests a second.</summary>
    public int PerSecond => perSecond;

    /// <summary>Requests at once.</summary>
    public int Burst => burst;

    public int Count
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    /// <summary>Whether a user has sent all that he may for now.</summary>
    public bool IsEmpty(string user, TimeSpan now)
    {
        if (perSecond == 0)
            return false;
        lock (_lock)
            return _buckets.TryGetValue(user, out var bucket) && LeftOf(bucket, now) < 1;
    }

    /// <summary>A request of a user had the right password.</summary>
    public void Take(string user, TimeSpan now)
    {
        if (perSecond == 0)
            return;
        lock (_lock)
        {
            var known = _buckets.TryGetValue(user, out var bucket);
            if (!known && _buckets.Count >= MaxUsers && !TryMakeRoom(now))
                return;
            var left = known ? LeftOf(bucket, now) : burst;
            _buckets[user] = (Math.Max(0, left - 1), known && bucket.At > now ? bucket.At : now);
        }
    }

    private double LeftOf((double Left, TimeSpan At) bucket, TimeSpan now) =>
        now <= bucket.At ? bucket.Left : Math.Min(burst, bucket.Left + ((now - bucket.At).TotalSeconds * perSecond));

    private bool TryMakeRoom(TimeSpan now)
    {
        foreach (var (user, bucket) in _buckets)
        {
            if (LeftOf(bucket, now) >= burst)
                _buckets.Remove(user);
        }

        return _buckets.Count < MaxUsers;
    }
}
