using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport;

/// <summary>How the sockets of connections are set.</summary>
internal static class TcpSocketSettings
{
    // What the system keeps of a peer that does not read would grow to megabytes, and it tells of progress by the third of this.
    private const int KernelSendBytes = 256 * 1024;

    /// <summary>Sets one.</summary>
    public static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        // Sending and receiving try, and wait only when there is nothing to be done.
        socket.Blocking = false;
        socket.SendBufferSize = KernelSendBytes;
        // A connection that somebody depends on may be silent for hours: whether its peer is still there the system finds out, within three
        // minutes.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 120);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }
}
