namespace Atm0s.Sip.Health;

/// <summary>Measures for how long something that has work makes no progress, from one look to the next. Any thread.</summary>
internal sealed class StallWatch
{
    private readonly Lock _lock = new();
    private long _progress = long.MinValue;
    private TimeSpan _since;
    private bool _wasBusy;

    /// <summary>How long it has stood still at this look.</summary>
    /// <param name="progress">Grows while it works.</param>
    /// <param name="isBusy">Whether it has work: who has none may rest.</param>
    /// <param name="now">The present time.</param>
    public TimeSpan Look(long progress, bool isBusy, TimeSpan now)
    {
        lock (_lock)
        {
            // Who rested at the last look may have got its work a moment ago.
            if (!isBusy || !_wasBusy || progress != _progress)
                (_progress, _since) = (progress, now);
            _wasBusy = isBusy;
            return now - _since;
        }
    }
}
