using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.MediaQuality.Virtual;

/// <summary>Datagrams that arrive at any moment of virtual time, also between ticks; sockets tell their age as the kernel does.</summary>
internal sealed class VirtualNetwork(MediaClock clock) : IMediaNetwork
{
    private readonly Dictionary<MediaAddress, VirtualSocket> _sockets = [];

    /// <summary>Told of every datagram the bridge sends: to whom, and what.</summary>
    public Action<MediaAddress, ReadOnlyMemory<byte>> OnSent { get; set; } = static (_, _) => { };

    /// <inheritdoc/>
    public MediaBindResult Bind(IPAddress address, int port, out IMediaSocket? socket)
    {
        var made = new VirtualSocket(this, clock, new IPEndPoint(address, port));
        socket = _sockets.TryAdd(MediaAddress.From(made.LocalEndPoint), made) ? made : null;
        return socket is null ? MediaBindResult.PortUnavailable : MediaBindResult.Bound;
    }

    /// <summary>A datagram arrives at its time.</summary>
    public void Deliver(MediaAddress destination, MediaAddress source, ReadOnlyMemory<byte> datagram, TimeSpan at) =>
        _sockets[destination].Queue(source, datagram, at);

    internal void Close(IPEndPoint local) => _sockets.Remove(MediaAddress.From(local));
}
