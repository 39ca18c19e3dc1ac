using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Testing.Networks;

/// <summary>The way between a virtual listener and a peer: with TCP, one connection.</summary>
/// <param name="transport">The listener.</param>
/// <param name="remote">The peer.</param>
/// <param name="isAccepted">Whether the peer opened the connection.</param>
/// <param name="peer">Whom a TLS connection was opened for.</param>
internal sealed class VirtualFlow(VirtualTransport transport, IPEndPoint remote, bool isAccepted = false, TlsPeer? peer = null) : SipFlow
{
    private bool _isClosed;
    private int _holders;

    public override SipTransportProtocol Protocol => transport.Protocol;

    public override IPEndPoint LocalEndPoint => transport.LocalEndPoint;

    public override IPEndPoint RemoteEndPoint => remote;

    public override TlsIdentity? PeerIdentity =>
        IsSecure ? transport.Certificates.GetValueOrDefault(remote.Address) : null;

    internal override TlsPeer? Peer => peer;

    public override string SentBy => SentByText.Create(transport.Options, transport.LocalEndPoint, RemoteEndPoint.Address);

    public override bool IsSecure => transport.IsSecure;

    public override bool IsClosed => _isClosed;

    public override bool TrySend(ReadOnlySpan<byte> message)
    {
        if (_isClosed)
            return false;
        transport.Send(remote, message);
        return true;
    }

    /// <summary>Whether something has come over it: until then nobody knows whether the connection is there.</summary>
    public bool HasHeard { get; set; }

    internal override bool IsOpening => IsReliable && !HasHeard;

    internal override SipFlow? TryReopen() => IsReliable && !isAccepted ? transport.TryGetFlow(remote, peer) : null;

    public override SipFlow To(IPEndPoint other) => IsReliable ? this : new VirtualFlow(transport, other);

    public override bool Equals(SipFlow? other) => IsReliable
        ? ReferenceEquals(this, other)
        : other is VirtualFlow flow && flow.Protocol == Protocol && flow.LocalEndPoint.Equals(LocalEndPoint)
            && flow.RemoteEndPoint.Equals(remote);

    public override int GetHashCode() => remote.GetHashCode();

    public void Close() => _isClosed = true;

    /// <summary>Whether somebody depends on the connection.</summary>
    public bool IsHeld => _holders > 0;

    internal override void Hold() => _holders++;

    internal override void Release() => _holders--;
}
