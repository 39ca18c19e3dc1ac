using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Atm0s.Sip.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>Opens the sockets of a listener.</summary>
internal static class UdpSockets
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int ReusePort = 15; // SO_REUSEPORT

    /// <summary>Opens and binds them, one for each receiving thread; where they can't share a port, one.</summary>
    /// <exception cref="SocketException">The address can't be used.</exception>
    public static List<Socket> Open(SipListenerOptions options, ILogger logger)
    {
        var count = OperatingSystem.IsLinux() ? Math.Clamp(options.ReceiveThreads, 1, 64) : 1;
        var sockets = new List<Socket>(count);
        try
        {
            var address = options.EndPoint;
            for (var i = 0; i < count; i++)
            {
                sockets.Add(Bind(address, options, first: i == 0, shared: count > 1));
                address = (IPEndPoint)sockets[0].LocalEndPoint!;
            }
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }

        Check(sockets[0], options, logger);
        return sockets;
    }

    private static Socket Bind(IPEndPoint address, SipListenerOptions options, bool first, bool shared)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (socket.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            // The first one binds as if it were alone: a port that somebody else has is refused.
            if (shared && !first)
                Share(socket);
            socket.ReceiveBufferSize = options.ReceiveBufferSize;
            socket.Bind(address);
            if (shared && first)
                Share(socket);
            IgnorePortUnreachable(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Share(Socket socket) =>
        socket.SetRawSocketOption(SocketLevel, ReusePort, MemoryMarshal.AsBytes<int>([1]));

    // Windows reports an ICMP port unreachable of one peer on the socket of all.
    private static void IgnorePortUnreachable(Socket socket)
    {
        const int UdpConnectionReset = unchecked((int)0x9800000C);
        if (OperatingSystem.IsWindows())
            socket.IOControl(UdpConnectionReset, [0], null);
    }

    // Linux gives net.core.rmem_max at most, and tells twice of it: the other half is for its own books.
    private static void Check(Socket socket, SipListenerOptions options, ILogger logger)
    {
        var given = OperatingSystem.IsLinux() ? socket.ReceiveBufferSize / 2 : socket.ReceiveBufferSize;
        if (given < options.ReceiveBufferSize / 2)
            TransportLog.SmallReceiveBuffer(logger, (IPEndPoint)socket.LocalEndPoint!, given, options.ReceiveBufferSize);
    }
}
