using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Native;

namespace Atm0s.Sip.Media.Net;

/// <summary>When the kernel got a datagram, by SO_TIMESTAMPNS (socket(7)): the control message that comes with it.</summary>
internal static class ArrivalStamp
{
    /// <summary>Bytes of the control message: its header (length, level, type) and a timespec.</summary>
    public const int ControlLength = 32;

    private const int SocketLevel = 1; // SOL_SOCKET
    private const int TimestampNs = 35; // SO_TIMESTAMPNS, and SCM_TIMESTAMPNS
    private const int HeaderLength = 16;

    // The clock of the stamps may be set, which would make a datagram hours old.
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    public static bool TryEnable(SafeHandle socket) => LibC.TrySetOption(socket, SocketLevel, TimestampNs, 1);

    /// <summary>How long ago it came, zero to one second; zero when nothing is told.</summary>
    public static TimeSpan AgeOf(ReadOnlySpan<byte> control)
    {
        if (control.Length < ControlLength
            || MemoryMarshal.Read<int>(control[8..]) != SocketLevel
            || MemoryMarshal.Read<int>(control[12..]) != TimestampNs)
            return TimeSpan.Zero;
        var age = LibC.Read(LibC.RealTime) - MemoryMarshal.Read<TimeSpec>(control[HeaderLength..]).ToTimeSpan();
        return age < TimeSpan.Zero ? TimeSpan.Zero : age > MaxAge ? MaxAge : age;
    }
}
