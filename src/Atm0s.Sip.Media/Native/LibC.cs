using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Native;

/// <summary>Calls of Linux that .NET does not have, or has only with exceptions. 64-bit layouts.</summary>
internal static unsafe partial class LibC
{
    /// <summary>Whether these calls can be used here.</summary>
    public static bool IsUsable { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

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
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int GetTime(int clock, TimeSpec* time);
}
