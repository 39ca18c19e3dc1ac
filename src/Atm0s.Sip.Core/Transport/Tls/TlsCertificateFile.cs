namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>A certificate and its key in files: two of PEM, or one of PKCS #12 (<c>.pfx</c>, <c>.p12</c>).</summary>
public sealed record TlsCertificateFile
{
    /// <summary>
    /// Path of a PEM file with the certificate, and those between it and the root behind it; or of a PKCS #12 file, when its name ends with
    /// <c>.pfx</c> or <c>.p12</c>.
    /// </summary>
    public string Certificate { get; init; } = "";

    /// <summary>Path of the PEM file with the key; null when it stands in <see cref="Certificate"/>.</summary>
    public string? Key { get; init; }

    /// <summary>Password of the key or of the PKCS #12 file; null, the default, when there is none.</summary>
    public string? Password { get; init; }

    /// <summary>Whether it is PKCS #12.</summary>
    internal bool IsPfx => Certificate.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase)
        || Certificate.EndsWith(".p12", StringComparison.OrdinalIgnoreCase);

    /// <summary>Its path: the password is not for logs.</summary>
    public override string ToString() => Certificate;
}
