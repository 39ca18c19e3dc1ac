using System.Security.Cryptography.X509Certificates;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>
/// TLS of the listeners, and of the connections that we open: TLS 1.2 and 1.3, with the ciphers of the system's library.
/// </summary>
public sealed class SipTlsOptions
{
    /// <summary>
    /// Our certificates. Who connects gets the first one that has the name it asks for (RFC 6066 §3), else the first. The first is
    /// also what
    /// we show to a server that asks for one. Empty by default. The files are looked at now and then
    /// (<see cref="CertificateCheckInterval"/>), and taken anew when they have changed: connections that are open stay.
    /// </summary>
    public IList<TlsCertificateFile> Certificates { get; } = [];

    /// <summary>
    /// Chooses the certificate of a connection by the name that the peer asks for, which is null when it asks for none; null as an answer
    /// takes <see cref="Certificates"/>. It must have its key. Called for each handshake, on any thread; null by default.
    /// </summary>
    public Func<string?, X509Certificate2?>? CertificateSelector { get; set; }

    /// <summary>
    /// Whether a certificate is made at the start where there is none: for trying out. Nobody trusts it who was not told to. Default false.
    /// </summary>
    public bool SelfSigned { get; set; }

    /// <summary>
    /// Whether who connects must show a certificate. Default <see cref="TlsClientCertificates.Ignored"/>. Where it is required,
    /// <see cref="TrustedRoots"/> or <see cref="PeerValidation"/> says whose; where it is wanted and neither is set, any public authority's
    /// is trusted, and who asks must look at the names.
    /// </summary>
    public TlsClientCertificates ClientCertificates { get; set; }

    /// <summary>
    /// Path of a PEM file with the certificates that those of peers must descend from, or be; null, the default, trusts those that the
    /// system
    /// does.
    /// </summary>
    public string? TrustedRoots { get; set; }

    /// <summary>Whether it is asked whether a certificate was revoked, over the network. Default false.</summary>
    public bool CheckRevocation { get; set; }

    /// <summary>
    /// Whether <c>*.example.com</c> in a certificate means <c>sip.example.com</c> as well. Default false: RFC 5922 §7.2 forbids it. Some
    /// carriers have such certificates all the same.
    /// </summary>
    public bool AllowWildcardNames { get; set; }

    /// <summary>
    /// Judges the certificates of peers instead of the rules above: true lets it in. Called for each handshake in which one is shown,
    /// on any
    /// thread; null by default.
    /// </summary>
    public Func<TlsPeerCheck, bool>? PeerValidation { get; set; }

    /// <summary>Time that a handshake may take. 1 s to 1 minute, default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes that a peer may send before its handshake is done. 8 KiB to 1 MiB, default 64 KiB: a long chain of certificates has some 10.
    /// </summary>
    public int MaxHandshakeBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// A connection is closed when nothing came over it for so long, and no call, registration or trunk depends on it: sooner than over TCP
    /// (<see cref="SipListenerOptions.IdleTimeout"/>), for it takes more memory. 5 s to 1 day, default 60 s.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often it is looked whether the files of a certificate have changed. 1 s to 1 day, default 1 minute.</summary>
    public TimeSpan CertificateCheckInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Name that every peer must have that we connect to; null, as a rule, for the host that is called.</summary>
    internal string? ExpectedName { get; private set; }

    /// <summary>The same, for one server whose name is known otherwise than by its address.</summary>
    internal SipTlsOptions Expecting(string name)
    {
        var copy = (SipTlsOptions)MemberwiseClone();
        copy.ExpectedName = name;
        return copy;
    }

    /// <summary>Whether there is a certificate to show.</summary>
    internal bool HasCertificate => Certificates.Count > 0 || CertificateSelector is not null || SelfSigned;
}
