using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Testing.Networks;

/// <summary>
/// A socket of an <see cref="InMemoryMediaNetwork"/>. What waits stays when it is connected, from whomever it is; afterwards its peer
/// alone gets in. A full queue drops. An ICMP error is told once, and only while connected.
/// </summary>
internal sealed class InMemoryMediaSocket(InMemoryMediaNetwork network, IPEndPoint local) : IMediaSocket
{
    private const int ReceiveBuffer = 212_992; // net.core.rmem_default

    private readonly Queue<InMemoryDatagram> _queue = new(256);
    private MediaAddress _peer;
    private int _charged;
    private bool _unreachable;
    private bool _closed;

    public MediaAddress Address { get; } = MediaAddress.From(local);

    public IPEndPoint LocalEndPoint => local;

    /// <summary>Differentiated services code point, 0 when not set.</summary>
    public int Dscp { get; private set; }

    /// <summary>When the last datagram to it is there.</summary>
    public TimeSpan LastArrival { get; set; }

    public bool TrySetDscp(int dscp)
    {
        Dscp = dscp;
        return true;
    }

    public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
    {
        using var scope = network.Enter();
        datagram = default;
        if (_unreachable)
        {
            _unreachable = false;
            return MediaReceive.Error;
        }

        if (!_queue.TryDequeue(out var next))
            return MediaReceive.None;
        _charged -= next.TrueSize;
        network.Recycle(next);
        if (next.Length >= buffer.Length)
            return MediaReceive.Error;
        next.Buffer.AsSpan(0, next.Length).CopyTo(buffer);
        datagram = new MediaDatagram(next.Length, next.Source, network.AgeOf(next));
        return MediaReceive.Datagram;
    }

    public bool Send(ReadOnlySpan<byte> datagram) => !_peer.IsNone && SendTo(datagram, _peer);

    public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination)
    {
        using var scope = network.Enter();
        _unreachable = false; // told in place of the first try; the second one is sent
        if (_closed || destination.IsNone || destination.IsIPv4 != Address.IsIPv4)
            return false;
        network.Route(Address, destination, datagram);
        return true;
    }

    public void Connect(MediaAddress peer)
    {
        using var scope = network.Enter();
        _peer = peer;
    }

    public void Disconnect()
    {
        using var scope = network.Enter();
        _peer = default;
    }

    public void Dispose()
    {
        using var scope = network.Enter();
        if (_closed)
            return;
        _closed = true;
        while (_queue.TryDequeue(out var left))
            network.Recycle(left);
        network.Close(this);
    }

    /// <summary>Puts it into the queue; false when it is not let in.</summary>
    public bool Takes(InMemoryDatagram datagram)
    {
        if (IsClosedTo(datagram.Source) || _charged + datagram.TrueSize > ReceiveBuffer)
            return false;
        _charged += datagram.TrueSize;
        _queue.Enqueue(datagram);
        return true;
    }

    /// <summary>Whether it is connected to somebody else: for the kernel then nobody listens.</summary>
    public bool IsClosedTo(MediaAddress source) => !_peer.IsNone && source != _peer;

    /// <summary>A datagram of ours has reached nobody.</summary>
    public void OnUnreachable(MediaAddress destination) => _unreachable |= !_peer.IsNone && destination == _peer;
}
