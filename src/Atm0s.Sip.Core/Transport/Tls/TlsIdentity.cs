namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>Who is at the other end of a TLS connection: it has shown a certificate that is trusted, and holds its key.</summary>
/// <param name="Names">
/// Its SIP domains (RFC 5922 §7.1): the hosts of its <c>sip</c> URIs, without such its DNS names; without a subjectAltName, its CN.
/// </param>
/// <param name="Subject">Subject of the certificate, for example <c>CN=pbx.example.com</c>.</param>
/// <param name="Thumbprint">SHA-256 of the certificate, 64 hexadecimal digits.</param>
public sealed record TlsIdentity(IReadOnlyList<string> Names, string Subject, string Thumbprint);
