namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>How we connect to one peer over TLS, where that is not as <see cref="SipTlsOptions"/> says.</summary>
public sealed record TlsClientOptions
{
    /// <summary>
    /// Name that the peer's certificate must have (RFC 5922 §7.3); null, the default, for the host of the URI that is called. For a carrier
    /// that is reached by its address.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>Our certificate there; null, the default, shows the first one of the server.</summary>
    public TlsCertificateFile? Certificate { get; init; }

    /// <summary>
    /// Path of a PEM file with the certificates that the peer's must descend from; null, the default, takes
    /// <see cref="SipTlsOptions.TrustedRoots"/>.
    /// </summary>
    public string? TrustedRoots { get; init; }
}
