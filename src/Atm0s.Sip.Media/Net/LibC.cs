using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Net;

/// <summary>The one call of Linux that sockets of .NET do not have.</summary>
internal static unsafe partial class LibC
{
    /// <summary>connect(AF_UNSPEC): an explicitly bound UDP socket hears everybody again and keeps its port (connect(2)).</summary>
    public static bool Disconnect(SafeSocketHandle socket)
    {
        var unspecified = stackalloc byte[16];
        new Span<byte>(unspecified, 16).Clear();
        return Connect(socket, unspecified, 16) == 0;
    }

    [LibraryImport("libc", EntryPoint = "connect")]
    private static partial int Connect(SafeSocketHandle socket, byte* address, uint length);
}
