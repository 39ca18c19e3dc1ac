namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Whether one packet more is waited for, so that it is there when the one before it is lost and a copy of that is in it (RFC 6716
/// §2.1.7): for ten seconds after the second such loss in ten seconds.
/// </summary>
internal sealed class RepairWatch
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private long _seen;
    private TimeSpan? _lossAt;
    private TimeSpan? _until;

    public bool Waits(TimeSpan now) => _until > now;

    /// <param name="losses">Losses with a copy behind them, since the start.</param>
    /// <param name="now">The tick.</param>
    public void Note(long losses, TimeSpan now)
    {
        if (losses == _seen)
            return;
        if (losses >= _seen + 2 || now - _lossAt < Memory)
            _until = now + Memory;
        (_seen, _lossAt) = (losses, now);
    }
}
