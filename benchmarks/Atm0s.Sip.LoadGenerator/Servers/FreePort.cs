using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>Ports of 127.0.0.1 that nobody has.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
