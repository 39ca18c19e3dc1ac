using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.MediaQuality.Wire;

/// <summary>Ports of 127.0.0.1 that nobody has.</summary>
internal static class FreePort
{
    /// <summary>One that the system gives, free for UDP and TCP.</summary>
    public static int Take()
    {
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)tcp.LocalEndPoint!).Port;
    }
}
