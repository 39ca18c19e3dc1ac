using Atm0s.Sip.Media.Native;

namespace Atm0s.Sip.Media.Clock;

/// <summary>
/// Sleeps until an absolute time. On Linux by clock_nanosleep, some 0.1 ms late; elsewhere by Thread.Sleep, which on macOS is about 1 ms
/// late and on Windows up to 16 ms, its timer tick. Due times are absolute, so lateness never adds up. One per thread.
/// </summary>
internal sealed unsafe class TickSleeper
{
    private const int AbsoluteTime = 1; // TIMER_ABSTIME
    private const int SetTimerSlack = 29; // PR_SET_TIMERSLACK
    private const int Interrupted = 4; // EINTR

    private bool _native = LibC.IsUsable;

    public TickSleeper()
    {
        // 1 ns: else the kernel may round wake-ups by 50 us. A sandbox may refuse, then it does.
        if (_native)
            _ = LibC.ControlProcess(SetTimerSlack, 1, 0, 0, 0);
    }

    /// <param name="due">When to wake up, as <see cref="MediaClock.Now"/>: CLOCK_MONOTONIC on Linux.</param>
    /// <param name="now">What it is now.</param>
    public void SleepUntil(TimeSpan due, TimeSpan now)
    {
        if (due <= now)
            return;
        _native = _native && TrySleepUntil(due);
        if (_native)
            return;
#pragma warning disable RS0030 // Only the media clock sleeps.
        Thread.Sleep((int)Math.Ceiling((due - now).TotalMilliseconds));
#pragma warning restore RS0030
    }

    private static bool TrySleepUntil(TimeSpan due)
    {
        var time = new TimeSpec(due);
        int error;
        do
            error = LibC.Sleep(LibC.Monotonic, AbsoluteTime, &time, null);
        while (error == Interrupted);
        return error == 0;
    }
}
