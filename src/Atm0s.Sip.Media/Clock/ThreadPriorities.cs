using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Native;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Clock;

/// <summary>
/// Priorities of media threads by setpriority(2), since .NET leaves <see cref="ThreadPriority"/> without effect on Linux: there the
/// background JIT of a young process takes half the processor from a tick.
/// </summary>
internal static class ThreadPriorities
{
    private const int Process = 0; // PRIO_PROCESS, which means a thread
    private const int Raised = -10;
    private const int Lowest = 19;

    private static int _told;

    /// <summary>
    /// Raises the calling thread where it is allowed (CAP_SYS_NICE or RLIMIT_NICE); says once when it is not. One that stands higher already
    /// stays there: the other threads of its process do, too.
    /// </summary>
    /// <returns>The thread's number in the system; 0 where there is none.</returns>
    public static int Raise(ILogger logger)
    {
        if (!LibC.IsUsable)
            return 0;
        if (LibC.GetPriority(Process, 0) > Raised && LibC.SetPriority(Process, 0, Raised) != 0 && Interlocked.Exchange(ref _told, 1) == 0)
            MediaLog.NotRaised(logger);
        return LibC.GetThreadId();
    }

    /// <summary>Lowers a thread; needs no right.</summary>
    public static void TryLower(int thread)
    {
        if (thread != 0)
            _ = LibC.SetPriority(Process, thread, Lowest);
    }
}
