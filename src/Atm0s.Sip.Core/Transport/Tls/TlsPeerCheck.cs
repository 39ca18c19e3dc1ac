using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>A certificate that a peer has shown, for a host that judges itself.</summary>
/// <param name="Certificate">It.</param>
/// <param name="Chain">What was built above it, or null.</param>
/// <param name="Errors">
/// What is wrong with it: a name other than <paramref name="ExpectedName"/> is <see cref="SslPolicyErrors.RemoteCertificateNameMismatch"/>.
/// </param>
/// <param name="ExpectedName">Name it must have where we have connected; null where the peer has.</param>
public sealed record TlsPeerCheck(X509Certificate2 Certificate, X509Chain? Chain, SslPolicyErrors Errors, string? ExpectedName);
