using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Native;

/// <summary>
/// Calls of Linux that .NET does not have, or has only with exceptions. 64-bit layouts; only while <see cref="IsUsable"/>.
/// </summary>
internal static unsafe partial class LibC
{
    /// <summary>CLOCK_REALTIME.</summary>
    public const int RealTime = 0;

    /// <summary>CLOCK_MONOTONIC.</summary>
    public const int Monotonic = 1;

    /// <summary>CLOCK_THREAD_CPUTIME_ID.</summary>
    public const int ThreadTime = 3;

    /// <summary>Whether these calls can be used here.</summary>
    public static bool IsUsable { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess && IsThere();

    /// <summary>socket(2).</summary>
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial DescriptorHandle Socket(int family, int type, int protocol);

    /// <summary>bind(2).</summary>
    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeHandle socket, byte* name, uint length);

    /// <summary>getsockname(2).</summary>
    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetName(SafeHandle socket, byte* name, uint* length);

    /// <summary>setsockopt(2), for options that are an int.</summary>
    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SafeHandle socket, int level, int option, int* value, uint length);

    /// <summary>close(2).</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    /// <summary>connect(2): also AF_UNSPEC, after which a UDP socket hears everybody again and keeps its port.</summary>
    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(SafeHandle socket, byte* name, uint length);

    /// <summary>sendto(2); without a name it sends to the peer of <see cref="Connect"/>.</summary>
    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(SafeHandle socket, byte* data, nuint length, int flags, byte* name, uint nameLength);

    /// <summary>recvmsg(2).</summary>
    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(SafeHandle socket, MessageHeader* message, int flags);

    /// <summary>clock_gettime(2).</summary>
    [SuppressGCTransition] // a few ns in the vDSO, else a short call
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int GetTime(int clock, TimeSpec* time);

    /// <summary>clock_nanosleep(2); returns the error.</summary>
    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    public static partial int Sleep(int clock, int flags, TimeSpec* time, TimeSpec* remaining);

    /// <summary>prctl(2).</summary>
    [LibraryImport("libc", EntryPoint = "prctl")]
    public static partial int ControlProcess(int option, nuint a, nuint b, nuint c, nuint d);

    /// <summary>setpriority(2): with which = 0, the nice value of one thread; thread 0 is the caller.</summary>
    [LibraryImport("libc", EntryPoint = "setpriority")]
    public static partial int SetPriority(int which, int thread, int nice);

    /// <summary>getpriority(2): the nice value of one thread with which = 0; thread 0 is the caller.</summary>
    [LibraryImport("libc", EntryPoint = "getpriority")]
    public static partial int GetPriority(int which, int thread);

    /// <summary>gettid(2).</summary>
    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int GetThreadId();

    /// <summary>io_uring_setup(2).</summary>
    public static DescriptorHandle SetUpRing(uint entries, IoRingParameters* parameters)
    {
        var descriptor = SetUpRing(425, entries, parameters);
        var handle = new DescriptorHandle();
        Marshal.InitHandle(handle, (nint)descriptor);
        return handle;
    }

    /// <summary>io_uring_enter(2).</summary>
    public static int EnterRing(SafeHandle ring, uint toSubmit, uint toComplete, uint flags) =>
        (int)EnterRing(426, ring, toSubmit, toComplete, flags, null, 0);

    /// <summary>What <see cref="Map"/> returns when it fails.</summary>
    public static void* MapFailed => (void*)-1;

    /// <summary>mmap(2).</summary>
    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial void* Map(void* address, nuint length, int protection, int flags, SafeHandle descriptor, long offset);

    /// <summary>munmap(2).</summary>
    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(void* address, nuint length);

    /// <summary>Descriptors that this process may have open.</summary>
    public static int MaxDescriptors
    {
        get
        {
            var limits = stackalloc nuint[2];
            return GetLimit(7, limits) == 0 ? (int)Math.Min(limits[0], int.MaxValue) : 1024;
        }
    }

    /// <summary>Sets an option that is an int; false when the system refuses.</summary>
    public static bool TrySetOption(SafeHandle socket, int level, int option, int value) =>
        SetOption(socket, level, option, &value, sizeof(int)) == 0;

    /// <summary>What a clock says.</summary>
    public static TimeSpan Read(int clock)
    {
        TimeSpec time;
        return GetTime(clock, &time) == 0 ? time.ToTimeSpan() : TimeSpan.Zero;
    }

    // syscall(2): the library has no names for these; their numbers are the same on all processors.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SetUpRing(nint number, uint entries, IoRingParameters* parameters);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint EnterRing(
        nint number, SafeHandle ring, uint toSubmit, uint toComplete, uint flags, void* signals, nuint length);

    /// <summary>getrlimit(2); 7 is RLIMIT_NOFILE.</summary>
    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, nuint* limits);

    private static bool IsThere()
    {
        try
        {
            return Read(Monotonic) > TimeSpan.Zero && GetThreadId() > 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }
}
