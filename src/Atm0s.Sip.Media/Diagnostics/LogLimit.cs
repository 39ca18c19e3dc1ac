namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>Lets one log entry of its kind pass every ten seconds, and counts those that did not. Any thread, no lock.</summary>
internal sealed class LogLimit(TimeProvider time)
{
    private const int Seconds = 10;

    private long _next = long.MinValue; // timestamp from which one may pass
    private long _unsaid;

    /// <summary>Whether to log now; if so, how many were left out since the last time.</summary>
    public bool TryPass(out long unsaid)
    {
        unsaid = 0;
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _next);
        if (now < next || Interlocked.CompareExchange(ref _next, now + (Seconds * time.TimestampFrequency), next) != next)
        {
            Interlocked.Increment(ref _unsaid);
            return false;
        }

        unsaid = Interlocked.Exchange(ref _unsaid, 0);
        return true;
    }
}
