namespace Atm0s.Sip.Media.Clock;

/// <summary>Sleeps until an absolute time: clock_nanosleep where there is one, else Thread.Sleep, which is about 1 ms late. One per thread.</summary>
internal sealed class TickSleeper
{
    private bool _native;

    public TickSleeper()
    {
        // Stopwatch is CLOCK_MONOTONIC here, in nanoseconds; on 32 bits timespec has two layouts.
        _native = OperatingSystem.IsLinux() && Environment.Is64BitProcess && ClockLibC.TryReduceTimerSlack();
    }

    /// <param name="due">When to wake up, as <see cref="MediaClock.Now"/>.</param>
    /// <param name="now">What it is now.</param>
    public void SleepUntil(TimeSpan due, TimeSpan now)
    {
        if (due <= now) return;
        if (_native)
        {
            _native = ClockLibC.TrySleepUntil(due);
            if (_native) return;
        }

#pragma warning disable RS0030 // Only the media clock sleeps.
        Thread.Sleep((int)Math.Ceiling((due - now).TotalMilliseconds));
#pragma warning restore RS0030
    }
}
