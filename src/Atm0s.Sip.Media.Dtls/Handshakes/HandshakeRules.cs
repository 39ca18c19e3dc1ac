using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>What holds for both roles.</summary>
internal static class HandshakeRules
{
    /// <summary>The longest message of a handshake, in bytes: a chain of certificates.</summary>
    public const int MaxMessage = 16384;

    /// <summary>Certificates in a chain; only the first one counts.</summary>
    public const int MaxChain = 4;

    /// <summary>RFC 8827 §6.5 wants the first one. No suite without forward secrecy, none without AEAD. Our certificate is ECDSA.</summary>
    public static int[] ServerSuites { get; } =
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    /// <summary>The peer's certificate may be RSA.</summary>
    public static int[] ClientSuites { get; } =
    [
        .. ServerSuites,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ];

    /// <summary>
    /// Bytes that a protected body has at least: the tag of 16, and before it with AES-GCM the explicit nonce of 8 (RFC 5288 §3), with
    /// ChaCha20 none (RFC 7905 §2).
    /// </summary>
    /// <param name="suite">The cipher suite.</param>
    public static int MinProtected(int suite) => TlsUtilities.GetEncryptionAlgorithm(suite) == EncryptionAlgorithm.CHACHA20_POLY1305 ? 16 : 24;

    /// <summary>Whether the peer is whom its description named (RFC 5763 §5): names, dates and issuers mean nothing.</summary>
    /// <exception cref="WrongPeerException">It is not, or shows no certificate.</exception>
    public static void CheckPeer(DtlsParameters parameters, Certificate? certificate)
    {
        if (certificate is null || certificate.IsEmpty || !parameters.IsPeer(certificate.GetCertificateAt(0).GetEncoded()))
            throw new WrongPeerException();
    }
}
