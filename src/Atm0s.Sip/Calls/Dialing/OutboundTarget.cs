using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>Whom an outgoing call goes to.</summary>
/// <param name="Flow">The way there.</param>
/// <param name="RequestUri">Contact of the registration, or the URI the host gave.</param>
/// <param name="ToUri">Address of record, for To.</param>
/// <param name="FromHost">Host part of From.</param>
/// <param name="IsRegistered">Whether it is a phone that registered with us, which may be behind a NAT.</param>
internal sealed record OutboundTarget(SipFlow Flow, string RequestUri, string ToUri, string FromHost, bool IsRegistered = false)
{
    /// <summary>
    /// Finds the way to the same place over TCP, for a request that is too large for a datagram (RFC 3261 §18.1.1); null where the target
    /// asks for its transport, or is a phone behind its own flow.
    /// </summary>
    public Func<SipFlow?>? OverTcp { get; init; }

    /// <summary>Proxies on the way there, nearest first (RFC 3327 §5.4).</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Further addresses of the same name, tried in order when the way there leads nowhere (RFC 3263 §4.3).</summary>
    public IReadOnlyList<IPEndPoint> OtherPlaces { get; init; } = [];

    /// <summary>Who must be there, over TLS; else null.</summary>
    public TlsPeer? Peer { get; init; }

    /// <summary>What answers its challenges, or null: no other server sees them.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>The registered user, or null.</summary>
    public string? Username { get; init; }
}
