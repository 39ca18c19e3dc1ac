using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Media.Native;

namespace Atm0s.Sip.Media.Net;

/// <summary>The real network.</summary>
public sealed class UdpMediaNetwork : IMediaNetwork
{
    private const int NoConnectionReset = unchecked((int)0x9800000C); // SIO_UDP_CONNRESET

    /// <inheritdoc/>
    public MediaBindResult Bind(IPAddress address, int port, out IMediaSocket? socket)
    {
        ArgumentNullException.ThrowIfNull(address);
        socket = null;
        Socket? udp = null;
        try
        {
            udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            // Else an ICMP error makes every later receive fail.
            if (OperatingSystem.IsWindows())
                udp.IOControl(NoConnectionReset, [0, 0, 0, 0], null);
            udp.Bind(new IPEndPoint(address, port));
            socket = LibC.IsUsable ? new LinuxMediaSocket(udp) : new ManagedMediaSocket(udp, TimeProvider.System);
            return MediaBindResult.Bound;
        }
        catch (SocketException e)
        {
            udp?.Dispose();
            return ResultOf(e.SocketErrorCode);
        }
    }

    private static MediaBindResult ResultOf(SocketError error) => error switch
    {
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => MediaBindResult.OutOfSockets,
        SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported =>
            MediaBindResult.AddressUnavailable,
        _ => MediaBindResult.PortUnavailable,
    };
}
