using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Media.Native;

namespace Atm0s.Sip.Media.Net;

/// <summary>The real network.</summary>
public sealed class UdpMediaNetwork : IMediaNetwork
{
    /// <inheritdoc/>
    public bool TryBind(IPAddress address, int port, [NotNullWhen(true)] out IMediaSocket? socket)
    {
        ArgumentNullException.ThrowIfNull(address);
        socket = null;
        Socket? udp = null;
        try
        {
            udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            // SIO_UDP_CONNRESET off: else ICMP makes every later receive of an unconnected socket fail.
            if (OperatingSystem.IsWindows()) udp.IOControl(unchecked((int)0x9800000C), [0, 0, 0, 0], null);
            udp.Bind(new IPEndPoint(address, port));
            socket = LibC.IsUsable ? new LinuxMediaSocket(udp) : new ManagedMediaSocket(udp);
            return true;
        }
        catch (SocketException)
        {
            udp?.Dispose();
            return false;
        }
    }
}
