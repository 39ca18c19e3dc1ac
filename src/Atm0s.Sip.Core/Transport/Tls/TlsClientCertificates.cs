namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>Whether who connects over TLS must show a certificate of its own.</summary>
public enum TlsClientCertificates : byte
{
    /// <summary>It is not asked for one.</summary>
    Ignored,

    /// <summary>It is asked for one. Who shows none, or one that is not trusted, is let in without an identity.</summary>
    Wanted,

    /// <summary>Who shows none, or one that is not trusted, is not let in (RFC 5922 §7.4).</summary>
    Required,
}
