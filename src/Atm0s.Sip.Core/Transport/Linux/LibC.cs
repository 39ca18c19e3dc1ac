using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Core.Transport.Linux;

/// <summary>
/// Calls of Linux that .NET does not have, or has only with exceptions. 64-bit layouts; only while <see cref="IsUsable"/>.
/// </summary>
internal static unsafe partial class LibC
{
    /// <summary>MSG_TRUNC: the length of a datagram that did not fit is told all the same.</summary>
    public const int Truncated = 0x20;

    /// <summary>MSG_DONTWAIT.</summary>
    public const int DontWait = 0x40;

    /// <summary>MSG_NOSIGNAL.</summary>
    public const int NoSignal = 0x4000;

    /// <summary>MSG_WAITFORONE: waits for the first message, and for no other.</summary>
    public const int WaitForOne = 0x10000;

    /// <summary>Whether these calls can be used here.</summary>
    public static bool IsUsable { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess && AreThere();

    /// <summary>recvmmsg(2). The caller holds the file open.</summary>
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int socket, MultiMessage* messages, uint count, int flags, void* timeout);

    /// <summary>sendmmsg(2). The caller holds the file open.</summary>
    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(int socket, MultiMessage* messages, uint count, int flags);

    /// <summary>sendto(2).</summary>
    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(SafeSocketHandle socket, byte* data, nuint length, int flags, byte* name, uint nameLength);

    /// <summary>shutdown(2): of a UDP socket it wakes who waits to receive, though it answers ENOTCONN.</summary>
    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(SafeSocketHandle socket, int how);

    /// <summary>poll(2). The caller holds the file open.</summary>
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollRequest* requests, nuint count, int milliseconds);

    /// <summary>Processor time of this thread: CLOCK_THREAD_CPUTIME_ID.</summary>
    public static TimeSpan ThreadTime()
    {
        const int OfThread = 3;
        TimeSpec time;
        return GetTime(OfThread, &time) == 0 ? time.ToTimeSpan() : TimeSpan.Zero;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, TimeSpec* time);

    // Asked with a file that is none: only EBADF means that the call is there and allowed. A sandbox answers ENOSYS or EPERM.
    private static bool AreThere()
    {
        const int BadFile = 9;
        try
        {
            MultiMessage message;
            return ReceiveMessages(-1, &message, 1, DontWait, null) < 0 && Marshal.GetLastPInvokeError() == BadFile
                && SendMessages(-1, &message, 1, DontWait) < 0 && Marshal.GetLastPInvokeError() == BadFile;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }
}
