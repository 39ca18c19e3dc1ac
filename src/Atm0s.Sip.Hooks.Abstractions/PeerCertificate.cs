namespace Atm0s.Sip.Hooks;

/// <summary>
/// A certificate that the sender of a request has shown over TLS: it is trusted, and the sender holds its key. It says who is at the
/// other end
/// of the connection, a phone or the server that its calls come over.
/// </summary>
/// <param name="Names">Its SIP domains (RFC 5922 §7.1), for example <c>pbx.example.com</c>.</param>
/// <param name="Subject">Its subject, for example <c>CN=pbx.example.com</c>.</param>
/// <param name="Thumbprint">SHA-256 of it, 64 hexadecimal digits.</param>
public sealed record PeerCertificate(IReadOnlyList<string> Names, string Subject, string Thumbprint);
