using System.Net;

namespace Atm0s.Sip.Core.Transport;

/// <summary>A peer of a UDP listener.</summary>
internal sealed class UdpSipFlow(UdpSipTransport transport, IPEndPoint remote) : SipFlow
{
    private IPEndPoint? _local;

    public override SipTransportProtocol Protocol => SipTransportProtocol.Udp;

    public override IPEndPoint LocalEndPoint => _local ??= transport.LocalTowards(remote);

    public override IPEndPoint RemoteEndPoint => remote;

    public override string SentBy => SentByText.Create(transport.Options, LocalEndPoint, remote.Address);

    public override bool TrySend(ReadOnlySpan<byte> message) => transport.TrySend(message, remote);

    public override SipFlow To(IPEndPoint other) => new UdpSipFlow(transport, other);

    public override bool Equals(SipFlow? other) => other is UdpSipFlow flow && flow.IsOf(transport) && flow.RemoteEndPoint.Equals(remote);

    public override int GetHashCode() => remote.GetHashCode();

    private bool IsOf(UdpSipTransport other) => ReferenceEquals(transport, other);
}
