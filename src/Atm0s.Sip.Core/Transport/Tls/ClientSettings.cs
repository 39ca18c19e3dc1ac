using System.Security.Cryptography.X509Certificates;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>What a connection that we open takes from files.</summary>
/// <param name="Certificate">What we show when we are asked; null for nothing.</param>
/// <param name="Roots">What the peer's certificate must descend from; null for those of the system.</param>
internal sealed record ClientSettings(LoadedCertificate? Certificate, X509Certificate2Collection? Roots);
