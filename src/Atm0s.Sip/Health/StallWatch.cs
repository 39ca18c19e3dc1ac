namespace Atm0s.Sip.Health;

/// <summary>Measures for how long something that has work makes no progress, from one look to the next. Any thread.</summary>
internal sealed class StallWatch
{
    private readonly Lock _lock = new();
    private long _progress = long.MinValue;
    private TimeSpan _since;

    /// <summary>How long it has stood still at this look.</summary>
    /// <param name="progress">Grows while it works.</param>
    /// <param name="isBusy">Whether it has work: who has none may rest.</param>
    /// <param name="now">The present time.</param>
    public TimeSpan Look(long progress, bool isBusy, TimeSpan now)
    {
        lock (_lock)
        {
            if (!isBusy || progress != _progress)
                (_progress, _since) = (progress, now);
            return now - _since;
        }
    }
}
