using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.MediaQuality.Virtual;

/// <summary>A socket of a <see cref="VirtualNetwork"/>.</summary>
internal sealed class VirtualSocket(VirtualNetwork network, MediaClock clock, IPEndPoint local) : IMediaSocket
{
    private readonly PriorityQueue<(MediaAddress Source, ReadOnlyMemory<byte> Bytes, TimeSpan At), (TimeSpan, long)> _queue = new();
    private MediaAddress _peer;
    private long _order;

    public IPEndPoint LocalEndPoint => local;

    public bool TrySetDscp(int dscp) => true;

    public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
    {
        datagram = default;
        if (!_queue.TryPeek(out var next, out _) || next.At > clock.Now)
            return MediaReceive.None;
        _queue.Dequeue();
        next.Bytes.Span.CopyTo(buffer);
        datagram = new MediaDatagram(next.Bytes.Length, next.Source, clock.Now - next.At);
        return MediaReceive.Datagram;
    }

    public bool Send(ReadOnlySpan<byte> datagram) => !_peer.IsNone && SendTo(datagram, _peer);

    public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination)
    {
        network.OnSent(destination, datagram.ToArray());
        return true;
    }

    public void Connect(MediaAddress peer) => _peer = peer;

    public void Disconnect() => _peer = default;

    public void Dispose() => network.Close(local);

    internal void Queue(MediaAddress source, ReadOnlyMemory<byte> bytes, TimeSpan at) =>
        _queue.Enqueue((source, bytes, at), (at, _order++));
}
