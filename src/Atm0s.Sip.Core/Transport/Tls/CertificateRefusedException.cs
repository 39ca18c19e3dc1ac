using System.Security.Authentication;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>Whom we have connected to has shown a certificate that is not taken.</summary>
/// <param name="why">For the log.</param>
/// <param name="inner">What the handshake says.</param>
internal sealed class CertificateRefusedException(string why, Exception inner) : AuthenticationException(why, inner)
{
    /// <summary>What is wrong with it.</summary>
    public string Why { get; } = why;
}
