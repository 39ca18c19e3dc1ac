using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.TestKit.Network;

/// <summary>The way between a virtual listener and a peer.</summary>
internal sealed class VirtualFlow(VirtualTransport transport, IPEndPoint remote) : SipFlow
{
    public override SipTransportProtocol Protocol => SipTransportProtocol.Udp;

    public override IPEndPoint LocalEndPoint => transport.LocalEndPoint;

    public override IPEndPoint RemoteEndPoint => remote;

    public override string SentBy => transport.LocalEndPoint.ToString();

    public override bool TrySend(ReadOnlySpan<byte> message)
    {
        transport.Send(remote, message);
        return true;
    }

    public override SipFlow To(IPEndPoint other) => new VirtualFlow(transport, other);

    public override bool Equals(SipFlow? other) =>
        other is VirtualFlow flow && flow.LocalEndPoint.Equals(LocalEndPoint) && flow.RemoteEndPoint.Equals(remote);

    public override int GetHashCode() => remote.GetHashCode();
}
