namespace Atm0s.Sip.HookCalls;

/// <summary>
/// Judges whether a handler that promised not to block has done so. A busy machine stops any thread now and then, so what exceeds the limit
/// by little is forgiven when it is rare. Any thread.
/// </summary>
/// <param name="limit">Time that a question may take.</param>
internal sealed class PromiseWatch(TimeSpan limit)
{
    private const int MaxLimits = 4;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private TimeSpan _held;
    private TimeSpan _since;

    /// <summary>True when what those took that exceeded the limit is within a minute four times the limit or more.</summary>
    public bool IsBroken(TimeSpan time, TimeSpan now)
    {
        if (time <= limit)
            return false;
        lock (_lock)
        {
            if (now - _since >= Memory)
                (_held, _since) = (TimeSpan.Zero, now);
            _held += time;
            return _held >= limit * MaxLimits;
        }
    }
}
