using System.Net;
using Atm0s.Sip.Core.Transport.Tls;

namespace Atm0s.Sip.Core.Transport;

/// <summary>What a connection is found by: where it leads, and over TLS for whom it was opened.</summary>
/// <param name="Remote">The other end.</param>
/// <param name="Peer">Whom it was opened for; null for TCP, and for connections that the peer has opened.</param>
internal readonly record struct ConnectionKey(IPEndPoint Remote, TlsPeer? Peer);
