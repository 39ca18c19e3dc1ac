namespace Atm0s.Sip.Media.Dtls;

/// <summary>
/// One association with a peer (RFC 6347), without a socket: the media thread gives it what comes and takes what is to be sent. No method
/// waits, and none throws.
/// </summary>
public interface IDtlsAssociation : IDisposable
{
    /// <summary>
    /// Names the network of the peer, before the datagram or the start that it is for: handshakes with peers of one network may share a
    /// bound. Does nothing where there is none.
    /// </summary>
    /// <param name="network">An IPv4 address or the first 64 bits of an IPv6 address; 0 when it is not known.</param>
    void SetNetwork(ulong network)
    {
    }

    /// <summary>The way to the peer is there: as client it begins. Any number of times.</summary>
    void Start();

    /// <summary>Takes a datagram of the peer. Whoever calls has looked at where it came from.</summary>
    /// <param name="datagram">One or several records.</param>
    /// <param name="source">Text or bytes of its source, 1 to 64 bytes, for the cookie (RFC 6347 §4.2.1).</param>
    /// <returns>False when it was dropped: more wait than it keeps, or it has ended.</returns>
    bool OnDatagram(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source);

    /// <summary>Takes what is to be sent.</summary>
    /// <param name="datagram">At least 1500 bytes.</param>
    /// <param name="length">Length of the datagram.</param>
    /// <returns>False when there is nothing.</returns>
    bool TryTake(Span<byte> datagram, out int length);

    /// <summary>Takes what is to be sent, with the peer that it is for: of several at a host, only one takes part.</summary>
    /// <param name="datagram">At least 1500 bytes.</param>
    /// <param name="length">Length of the datagram.</param>
    /// <param name="destination">The source that <see cref="OnDatagram"/> was told of; empty before anybody has answered.</param>
    /// <returns>False when there is nothing.</returns>
    bool TryTake(Span<byte> datagram, out int length, out ReadOnlySpan<byte> destination)
    {
        destination = default;
        return TryTake(datagram, out length);
    }

    /// <summary>Says good-bye (close_notify), which may be taken after it.</summary>
    void Close();
}
