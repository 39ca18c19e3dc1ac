using System.Net;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.TestKit.Net;

/// <summary>A socket of an <see cref="InMemoryMediaNetwork"/>, with a ring of datagrams that is allocated once.</summary>
internal sealed class InMemoryMediaSocket(InMemoryMediaNetwork network, IPEndPoint local) : IMediaSocket
{
    private const int Slots = 64;

    private readonly (MediaAddress Source, int Length, byte[] Bytes)[] _ring = [.. Enumerable.Range(0, Slots).Select(_ => (default(MediaAddress), 0, new byte[2048]))];
    private readonly MediaAddress _address = MediaAddress.From(local);
    private MediaAddress _peer;
    private int _first;
    private int _count;

    public IPEndPoint LocalEndPoint => local;

    public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
    {
        datagram = default;
        if (_count == 0)
            return MediaReceive.None;
        ref var slot = ref _ring[_first];
        _first = (_first + 1) % Slots;
        _count--;
        var length = Math.Min(slot.Length, buffer.Length);
        slot.Bytes.AsSpan(0, length).CopyTo(buffer);
        datagram = new MediaDatagram(length, slot.Source, TimeSpan.Zero);
        return MediaReceive.Datagram;
    }

    public bool Send(ReadOnlySpan<byte> datagram) => !_peer.IsNone && SendTo(datagram, _peer);

    public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination)
    {
        network.Send(_address, destination, datagram);
        return true;
    }

    public void Connect(MediaAddress peer) => _peer = peer;

    public void Disconnect() => _peer = default;

    public void Dispose() => network.Close(_address);

    internal void Deliver(MediaAddress source, ReadOnlySpan<byte> datagram)
    {
        // As the kernel does: a connected socket hears its peer only, and a full queue drops.
        if (_count == Slots || (!_peer.IsNone && source != _peer))
            return;
        ref var slot = ref _ring[(_first + _count++) % Slots];
        slot.Source = source;
        slot.Length = datagram.Length;
        datagram.CopyTo(slot.Bytes);
    }
}
