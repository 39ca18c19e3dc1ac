using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Certificate = Org.BouncyCastle.Tls.Certificate;
using CertificateRequest = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>A certificate with its key: ECDSA on P-256, signed by itself. The name in it tells nothing of the host.</summary>
#pragma warning disable CA1001 // The key lives as long as a call that has shown the certificate: its end is the collector's.
internal sealed class DtlsIdentity : IDtlsIdentity
#pragma warning restore CA1001
{
    private const int ValidDays = 30;

    private readonly HandshakeFactory _factory;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public DtlsIdentity(HandshakeFactory factory, DateTimeOffset now)
    {
        _factory = factory;
        Made = now;
        using var certificate = new CertificateRequest("CN=rtc", _key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(ValidDays));
        Fingerprint = CertificateFingerprint.Of(certificate.RawDataMemory.Span);
        Certificate = new Certificate([factory.Crypto.CreateCertificate(certificate.RawData)]);
    }

    /// <inheritdoc/>
    public CertificateFingerprint Fingerprint { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Made { get; }

    /// <summary>What a peer is shown.</summary>
    public Certificate Certificate { get; }

    /// <inheritdoc/>
    public IDtlsAssociation Open(DtlsParameters parameters, IDtlsObserver observer)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observer);
        return new DtlsAssociation(_factory, this, parameters, observer);
    }

    /// <summary>Signs by it in a handshake.</summary>
    public TlsCredentialedSigner CreateSigner(TlsContext context) => new DefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        new EcdsaSigner(_key),
        Certificate,
        SignatureAndHashAlgorithm.GetInstance(Org.BouncyCastle.Tls.HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
}
