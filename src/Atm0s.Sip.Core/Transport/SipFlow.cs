using System.Net;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// The way to a peer: over UDP a listener and an address, over TCP one connection. Keep it, and the peer is reached again the way it came
/// (RFC 5626 §1).
/// </summary>
/// <remarks>Two flows are equal when they are the same way. Any thread.</remarks>
public abstract class SipFlow : IEquatable<SipFlow>
{
    /// <summary>Transport protocol.</summary>
    public abstract SipTransportProtocol Protocol { get; }

    /// <summary>Whether the transport retransmits by itself (RFC 3261 §17).</summary>
    public bool IsReliable => Protocol != SipTransportProtocol.Udp;

    /// <summary>
    /// Whether what goes over it is encrypted up to the peer: TLS, or WebSocket under TLS. What must not be read on its way, such as
    /// the keys
    /// of SRTP in a description (RFC 4568 §7), is sent over no other. A flow behind something else that ends TLS says so itself.
    /// </summary>
    public virtual bool IsSecure => Protocol.IsSecure();

    /// <summary>
    /// Who the peer is, by a certificate that it has shown and that is trusted; null when it has shown none, or was not asked for one.
    /// </summary>
    public virtual TlsIdentity? PeerIdentity => null;

    /// <summary>Whom a TLS connection of ours was opened for; else null.</summary>
    internal virtual TlsPeer? Peer => null;

    /// <summary>
    /// Whom to expect where this way is opened anew: whom it was opened for, else the name that it has shown (RFC 5923 §8.1: the peer is who
    /// has shown it, at whichever of its connections; no certificate has its address). Null when nobody is known.
    /// </summary>
    internal TlsPeer? KnownPeer => Peer
        ?? (PeerIdentity?.Names.FirstOrDefault(name => !name.StartsWith('*')) is { } name ? new TlsPeer(name) : null);

    /// <summary>Our address towards the peer: a concrete one, also when the listener is bound to any address.</summary>
    public abstract IPEndPoint LocalEndPoint { get; }

    /// <summary>The peer's address as packets come from it.</summary>
    public abstract IPEndPoint RemoteEndPoint { get; }

    /// <summary>
    /// Host and port that go into Via and Contact towards this peer: what the listener advertises, else <see cref="LocalEndPoint"/>.
    /// </summary>
    public abstract string SentBy { get; }

    /// <summary>True when the connection is gone.</summary>
    public virtual bool IsClosed => false;

    /// <summary>Whether the connection is being opened: what is sent waits, and nothing has come over it yet.</summary>
    internal virtual bool IsOpening => false;

    /// <summary>Sends a message. Never blocks, never throws.</summary>
    /// <returns>False when it can't be sent: the connection is closed, or its queue is full.</returns>
    public abstract bool TrySend(ReadOnlySpan<byte> message);

    /// <summary>
    /// The same way to another port or address of the peer, for responses to clients without rport; over a connection, itself.
    /// </summary>
    public virtual SipFlow To(IPEndPoint remote) => this;

    /// <summary>
    /// Another connection to the same place, for who finds this one closed; null where it was opened by the peer, who is no place to
    /// connect to, and where there is no connection. Any thread.
    /// </summary>
    internal virtual SipFlow? TryReopen() => null;

    /// <summary>
    /// Keeps a connection open while nothing comes over it, because a call, a registration or a trunk depends on it; a
    /// <see cref="Release"/> follows. Without a connection it means nothing. Any thread.
    /// </summary>
    internal virtual void Hold()
    {
    }

    /// <summary>Takes back one <see cref="Hold"/>. Any thread.</summary>
    internal virtual void Release()
    {
    }

    /// <summary>
    /// Sends a keep-alive (RFC 5626 §4.4.1). When the peer is known to answer those, because it has before or because it has said so, and
    /// does not answer this one in time, the connection is closed. Any thread.
    /// </summary>
    /// <param name="pongWithin">The time it has.</param>
    /// <param name="isPongSure">Whether it has said that it answers.</param>
    /// <returns>False where there is no such thing, or it can't be sent.</returns>
    internal virtual bool TryPing(TimeSpan pongWithin, bool isPongSure) => IsReliable && TrySend("\r\n\r\n"u8);

    /// <inheritdoc/>
    public virtual bool Equals(SipFlow? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as SipFlow);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>For the log: protocol and address.</summary>
    public override string ToString() => $"{Protocol.ToName()}://{RemoteEndPoint}";
}
