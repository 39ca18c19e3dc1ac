namespace Atm0s.Sip.Defence;

/// <summary>Log entries of one kind that may be written a second: who floods us must not fill the disk. Any thread, no lock.</summary>
internal sealed class LogBudget(int perSecond)
{
    private long _second = -1;
    private int _written;

    public bool TryTake(TimeSpan now)
    {
        var second = (long)now.TotalSeconds;
        var known = Volatile.Read(ref _second);
        if (second > known && Interlocked.CompareExchange(ref _second, second, known) == known)
            Volatile.Write(ref _written, 0);
        return Interlocked.Increment(ref _written) <= perSecond;
    }
}
