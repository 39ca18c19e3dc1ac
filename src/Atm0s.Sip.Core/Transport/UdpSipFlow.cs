using System.Net;

namespace Atm0s.Sip.Core.Transport;

/// <summary>A peer of a UDP listener.</summary>
/// <param name="transport">The listener.</param>
/// <param name="remote">The peer.</param>
/// <param name="address">The same as the system writes it; null has it made when it is needed.</param>
internal sealed class UdpSipFlow(UdpSipTransport transport, IPEndPoint remote, SocketAddress? address = null) : SipFlow
{
    private SocketAddress? _address = address;
    private IPEndPoint? _local;
    private string? _sentBy;
    private volatile bool _hasFailed;

    public override SipTransportProtocol Protocol => SipTransportProtocol.Udp;

    public override IPEndPoint LocalEndPoint => _local ??= transport.LocalTowards(remote);

    public override IPEndPoint RemoteEndPoint => remote;

    public override string SentBy => _sentBy ??= SentByText.Create(transport.Options, LocalEndPoint, remote.Address);

    /// <summary>The peer's address as the system writes it (struct sockaddr).</summary>
    public SocketAddress Address => _address ??= remote.Serialize();

    /// <summary>
    /// Whether the last message that was sent later failed: then the next one is sent at once, and its sender hears how it went.
    /// </summary>
    public bool HasFailed
    {
        get => _hasFailed;
        set => _hasFailed = value;
    }

    public override bool TrySend(ReadOnlySpan<byte> message) => transport.TrySend(this, message);

    public override SipFlow To(IPEndPoint other) => new UdpSipFlow(transport, other);

    public override bool Equals(SipFlow? other) =>
        ReferenceEquals(this, other) || (other is UdpSipFlow flow && flow.IsOf(transport) && flow.RemoteEndPoint.Equals(remote));

    public override int GetHashCode() => remote.GetHashCode();

    private bool IsOf(UdpSipTransport other) => ReferenceEquals(transport, other);
}
