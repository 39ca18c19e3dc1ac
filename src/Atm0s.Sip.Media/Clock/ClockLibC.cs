using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Clock;

/// <summary>Calls of Linux for exact sleeping; false when they can't be had.</summary>
internal static unsafe partial class ClockLibC
{
    private const int Monotonic = 1;
    private const int AbsoluteTime = 1;
    private const int SetTimerSlack = 29;
    private const int Interrupted = 4;

    /// <summary>PR_SET_TIMERSLACK 1 ns, for the calling thread: else the kernel may round wake-ups by 50 us.</summary>
    public static bool TryReduceTimerSlack()
    {
        try
        {
            _ = ProcessControl(SetTimerSlack, 1, 0, 0, 0); // a sandbox may refuse: then sleeps are 50 us later
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    public static bool TrySleepUntil(TimeSpan due)
    {
        var nanoseconds = due.Ticks % TimeSpan.TicksPerSecond * 100;
        var time = stackalloc long[2] { due.Ticks / TimeSpan.TicksPerSecond, nanoseconds };
        try
        {
            int error;
            do error = Sleep(Monotonic, AbsoluteTime, time, null);
            while (error == Interrupted);
            return error == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, long* time, long* remaining);
}
