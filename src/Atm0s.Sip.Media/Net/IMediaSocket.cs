using System.Net;

namespace Atm0s.Sip.Media.Net;

/// <summary>
/// One UDP socket, never blocking, never throwing for what the network does, nor after its end. One caller at a time. Unconnected at
/// first: it hears everybody. After <see cref="Connect"/> the system may keep others away, which is cheaper; whatever comes tells its
/// true source.
/// </summary>
public interface IMediaSocket : IDisposable
{
    /// <summary>Where it is bound.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>Marks what is sent from now on: the upper six bits of TOS in IPv4, of the traffic class in IPv6 (RFC 2474 §3).</summary>
    /// <param name="dscp">0 to 63.</param>
    /// <returns>False when the system refuses.</returns>
    bool TrySetDscp(int dscp);

    /// <summary>Takes the next datagram, if there is one.</summary>
    /// <param name="buffer">
    /// Receives it; 2048 bytes suffice for media. A datagram that fills it or does not fit is an error, and lost.
    /// </param>
    /// <param name="datagram">Its length, its true source, how long it waited; default when there is none.</param>
    /// <returns>What came. A datagram of no bytes is a datagram: read on.</returns>
    MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram);

    /// <summary>Sends to the peer of <see cref="Connect"/>.</summary>
    /// <param name="datagram">The whole payload.</param>
    /// <returns>
    /// False when it was not sent (not connected, buffer full, no route). Where a failure is costly, sends to the same address rest for
    /// 0.1 s.
    /// </returns>
    bool Send(ReadOnlySpan<byte> datagram);

    /// <summary>Sends to anybody.</summary>
    /// <param name="datagram">The whole payload.</param>
    /// <param name="destination">Where to.</param>
    /// <returns>False when it was not sent.</returns>
    bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination);

    /// <summary>
    /// Sends to <paramref name="peer"/> from now on. Datagrams of others may still come: those that waited already, and where the system
    /// can't filter.
    /// </summary>
    /// <param name="peer">The peer; of another family than the socket, nothing reaches it.</param>
    void Connect(MediaAddress peer);

    /// <summary>Hears everybody again, on the same port.</summary>
    void Disconnect();
}
