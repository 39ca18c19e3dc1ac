using System.Diagnostics.CodeAnalysis;
using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.TestKit.Net;

/// <summary>RTP and RTCP in memory: a datagram is there at once, unless chance loses it. Chance is seeded.</summary>
/// <param name="seed">Seed of the losses.</param>
public sealed class InMemoryMediaNetwork(int seed) : IMediaNetwork
{
    private readonly Dictionary<MediaAddress, InMemoryMediaSocket> _sockets = [];
    private readonly Random _random = new(seed);

    /// <summary>Share of datagrams that are lost, 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>Sockets that are open.</summary>
    public int OpenSockets => _sockets.Count;

    /// <inheritdoc/>
    public bool TryBind(IPAddress address, int port, [NotNullWhen(true)] out IMediaSocket? socket)
    {
        var local = new IPEndPoint(address, port);
        var made = new InMemoryMediaSocket(this, local);
        socket = _sockets.TryAdd(MediaAddress.From(local), made) ? made : null;
        return socket is not null;
    }

    internal void Close(MediaAddress address) => _sockets.Remove(address);

    internal void Send(MediaAddress source, MediaAddress destination, ReadOnlySpan<byte> datagram)
    {
        if (Loss > 0 && _random.NextDouble() < Loss)
            return;
        if (_sockets.TryGetValue(destination, out var socket))
            socket.Deliver(source, datagram);
    }
}
