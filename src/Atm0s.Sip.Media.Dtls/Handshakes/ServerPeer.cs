using Atm0s.Sip.Media.Srtp;
using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// What we say as server (RFC 5763 §5, RFC 5764): DTLS 1.2, forward secrecy and AEAD only, and the client shows a certificate.
/// </summary>
internal sealed class ServerPeer(HandshakeFactory factory, DtlsIdentity identity, DtlsParameters parameters)
    : DefaultTlsServer(factory.Crypto), IHandshakePeer
{
    private SrtpSuite? _suite;
    private bool _isPeerKnown;

    /// <inheritdoc/>
    public SrtpKeys? Keys { get; private set; }

    /// <inheritdoc/>
    public int MinProtected => HandshakeRules.MinProtected(m_context.SecurityParameters.CipherSuite);

    /// <inheritdoc/>
    public bool IsFailedByPeer { get; private set; }

    /// <inheritdoc/>
    public bool IsClosedByPeer { get; private set; }

    public override bool IgnoreCorruptDtlsRecords => true;

    public override int GetHandshakeTimeoutMillis() => (int)factory.Options.HandshakeTimeout.TotalMilliseconds;

    public override int GetHandshakeResendTimeMillis() => (int)factory.Options.RetransmissionTime.TotalMilliseconds;

    public override int GetMaxHandshakeMessageSize() => HandshakeRules.MaxMessage;

    public override int GetMaxCertificateChainLength() => HandshakeRules.MaxChain;

    // RFC 7627 §5.4: without it no keys may be exported.
    public override bool RequiresExtendedMasterSecret() => true;

    public override CertificateRequest GetCertificateRequest() => new(
        [ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign],
        TlsUtilities.GetDefaultSupportedSignatureAlgorithms(m_context),
        null);

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        HandshakeRules.CheckPeer(parameters, clientCertificate);
        _isPeerKnown = true;
    }

    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        _suite = SrtpProfiles.Choose(clientExtensions is null ? null : TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions));
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetServerExtensions());
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData([_suite!.DtlsProfile], []));
        return extensions;
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        if (!_isPeerKnown)
            throw new WrongPeerException();
        Keys = SrtpProfiles.Export(m_context, _suite!, DtlsRole.Server);
    }

    public override void NotifyAlertReceived(short alertLevel, short alertDescription)
    {
        IsClosedByPeer |= alertDescription == AlertDescription.close_notify;
        IsFailedByPeer |= alertLevel == AlertLevel.fatal;
    }

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => HandshakeRules.ServerSuites;

    protected override TlsCredentialedSigner GetECDsaSignerCredentials() => identity.CreateSigner(m_context);
}
