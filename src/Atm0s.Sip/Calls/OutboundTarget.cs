using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls;

/// <summary>Whom an outgoing call goes to.</summary>
/// <param name="Flow">The way there.</param>
/// <param name="RequestUri">Contact of the registration, or the URI the host gave.</param>
/// <param name="ToUri">Address of record, for To.</param>
/// <param name="FromHost">Host part of From.</param>
/// <param name="IsRegistered">Whether it is a phone that registered with us, which may be behind a NAT.</param>
internal sealed record OutboundTarget(SipFlow Flow, string RequestUri, string ToUri, string FromHost, bool IsRegistered = false)
{
    /// <summary>Proxies on the way there, nearest first (RFC 3327 §5.4).</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];
}
