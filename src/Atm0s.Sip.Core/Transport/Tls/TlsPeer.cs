namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>Who must be at the other end of a TLS connection that we open: a connection serves those alone for whom it was
/// opened.</summary>
/// <param name="Name">Name, or address, that its certificate must have (RFC 5922 §7.3).</param>
/// <param name="Options">What is special there; null when nothing is.</param>
public sealed record TlsPeer(string Name, TlsClientOptions? Options = null);
