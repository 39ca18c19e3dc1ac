using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.MediaQuality.Wire;

/// <summary>The sockets of a phone: RTP, and the odd port above for RTCP, which nobody reads.</summary>
internal sealed class WireLeg : IDisposable
{
    private readonly Socket _rtcp;

    /// <summary>Binds a pair.</summary>
    public WireLeg()
    {
        while (true)
        {
            Rtp = Bind(0);
            var port = ((IPEndPoint)Rtp.LocalEndPoint!).Port;
            try
            {
                if (port % 2 == 0)
                {
                    _rtcp = Bind(port + 1);
                    return;
                }
            }
            catch (SocketException)
            {
                // Taken: another pair.
            }

            Rtp.Dispose();
        }
    }

    /// <summary>The socket of RTP; it does not block.</summary>
    public Socket Rtp { get; }

    /// <summary>Where it hears.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)Rtp.LocalEndPoint!;

    /// <summary>Sends to the bridge alone from now on.</summary>
    public void Connect(IPEndPoint bridge) => Rtp.Connect(bridge);

    /// <inheritdoc/>
    public void Dispose()
    {
        Rtp.Dispose();
        _rtcp.Dispose();
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            Blocking = false,
            ReceiveBufferSize = 1 << 20,
        };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
