using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Media.Native;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// The real network. On Linux a closed socket stays bound for half a minute, deaf, since the next call may want its port.
/// </summary>
public sealed class UdpMediaNetwork : IMediaNetwork, IDisposable
{
    private const int NoConnectionReset = unchecked((int)0x9800000C); // SIO_UDP_CONNRESET

    // Those of a busy server with the ports of the default; a quarter of what the process may open.
    private const int MaxParked = 20_000;

    private readonly ParkedSockets? _parked = LibC.IsUsable
        ? new ParkedSockets(Math.Min(MaxParked, LibC.MaxDescriptors / 4), TimeProvider.System)
        : null;

    /// <inheritdoc/>
    public MediaBindResult Bind(IPAddress address, int port, out IMediaSocket? socket)
    {
        ArgumentNullException.ThrowIfNull(address);
        var local = new IPEndPoint(address, port);
        if (_parked is null)
            return OpenManaged(local, out socket);
        if (_parked.TryTake(local) is { } parked)
        {
            socket = LinuxMediaSocket.Resume(parked, local, _parked);
            return MediaBindResult.Bound;
        }

        var result = LinuxMediaSocket.Open(local, _parked, out socket);
        if (result != MediaBindResult.OutOfSockets || _parked.Count == 0)
            return result;
        _parked.CloseAll();
        return LinuxMediaSocket.Open(local, _parked, out socket);
    }

    /// <summary>Closes what stays bound without a call. Sockets in use go on, and are closed at their end.</summary>
    public void Dispose() => _parked?.Dispose();

    private static MediaBindResult OpenManaged(IPEndPoint local, out IMediaSocket? socket)
    {
        socket = null;
        Socket? udp = null;
        try
        {
            udp = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            // Else an ICMP error makes every later receive fail.
            if (OperatingSystem.IsWindows())
                udp.IOControl(NoConnectionReset, [0, 0, 0, 0], null);
            udp.Bind(local);
            socket = new ManagedMediaSocket(udp, TimeProvider.System);
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
