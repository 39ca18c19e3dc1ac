using System.Net;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// One UDP socket, never blocking, never throwing for what the network does. One caller at a time. Unconnected at first: it hears everybody;
/// after <see cref="Connect"/> it hears and reaches one peer, which is cheaper.
/// </summary>
public interface IMediaSocket : IDisposable
{
    /// <summary>Where it is bound.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Takes the next datagram, if there is one.</summary>
    /// <param name="buffer">Receives it; bytes that do not fit are lost. 2048 bytes suffice for media.</param>
    /// <param name="datagram">Its length, its true source, how long it waited; default when there is none.</param>
    /// <returns>What came. A datagram of no bytes is a datagram: read on.</returns>
    MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram);

    /// <summary>Sends to the peer of <see cref="Connect"/>.</summary>
    /// <param name="datagram">The whole payload.</param>
    /// <returns>False when it was not sent (not connected, buffer full, ICMP error pending).</returns>
    bool Send(ReadOnlySpan<byte> datagram);

    /// <summary>Sends to anybody; only while unconnected.</summary>
    /// <param name="datagram">The whole payload.</param>
    /// <param name="destination">Where to.</param>
    /// <returns>False when it was not sent.</returns>
    bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination);

    /// <summary>Hears and reaches only <paramref name="peer"/> from now on. Datagrams that wait already may be from others.</summary>
    /// <param name="peer">The peer.</param>
    void Connect(MediaAddress peer);

    /// <summary>Hears everybody again, on the same port.</summary>
    void Disconnect();
}
