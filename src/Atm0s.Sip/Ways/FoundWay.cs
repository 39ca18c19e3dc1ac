using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Ways;

/// <summary>The way to a URI.</summary>
/// <param name="Flow">The first to try.</param>
/// <param name="Others">Further addresses of the same name, to be tried over the same transport when it leads nowhere (RFC 3263
/// §4.3).</param>
/// <param name="Peer">Who must be there, over TLS; else null.</param>
internal sealed record FoundWay(SipFlow Flow, IReadOnlyList<IPEndPoint> Others, TlsPeer? Peer);
