namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>Lets something through once in a while. On one thread.</summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="interval">Shortest time between two.</param>
internal sealed class Pace(TimeProvider timeProvider, TimeSpan interval)
{
    private long? _last;

    /// <summary>Whether the last time is long enough ago; then this is the last time.</summary>
    public bool TryPass()
    {
        var now = timeProvider.GetTimestamp();
        if (_last is { } last && timeProvider.GetElapsedTime(last, now) < interval)
            return false;
        _last = now;
        return true;
    }
}
