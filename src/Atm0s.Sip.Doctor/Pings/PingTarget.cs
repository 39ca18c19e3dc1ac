using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Doctor.Pings;

/// <summary>Whom to ask.</summary>
/// <param name="Uri">Request-URI.</param>
/// <param name="Protocol">Transport.</param>
/// <param name="EndPoint">Where it is.</param>
/// <param name="Peer">Who must be there, over TLS; else null.</param>
/// <param name="Listener">The listener that connects, over TLS: its certificates are shown, and its rules hold; else null.</param>
/// <param name="Tls">TLS of that listener; null where it has none of its own.</param>
internal sealed record PingTarget(
    string Uri,
    SipTransportProtocol Protocol,
    IPEndPoint EndPoint,
    TlsPeer? Peer = null,
    SipListenerOptions? Listener = null,
    SipTlsOptions? Tls = null);
