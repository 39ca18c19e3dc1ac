using Atm0s.Sip.Media.Srtp;
using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>What we say as client (RFC 5763 §5, RFC 5764).</summary>
/// <param name="greeting">The ClientHello that is made again.</param>
/// <param name="factory">The bounds.</param>
/// <param name="identity">Our certificate.</param>
/// <param name="parameters">Whom we expect.</param>
internal sealed class ClientPeer(ClientGreeting greeting, HandshakeFactory factory, DtlsIdentity identity, DtlsParameters parameters)
    : DefaultTlsClient(factory.Crypto), IHandshakePeer
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

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        // The library has drawn another random just now, and has not written it yet.
        greeting.Random.CopyTo(m_context.SecurityParameters.ClientRandom, 0);
        var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetClientExtensions());
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData(SrtpProfiles.Offered, []));
        return extensions;
    }

    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        _suite = SrtpProfiles.Check(serverExtensions is null ? null : TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions));
    }

    public override TlsAuthentication GetAuthentication() => new Authentication(this);

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        if (!_isPeerKnown)
            throw new WrongPeerException();
        Keys = SrtpProfiles.Export(m_context, _suite ?? throw new NoCommonProfileException(), DtlsRole.Client);
    }

    public override void NotifyAlertReceived(short alertLevel, short alertDescription)
    {
        IsClosedByPeer |= alertDescription == AlertDescription.close_notify;
        IsFailedByPeer |= alertLevel == AlertLevel.fatal;
    }

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => HandshakeRules.ClientSuites;

    private sealed class Authentication(ClientPeer peer) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate) => peer.Know(serverCertificate.Certificate);

        public TlsCredentials GetClientCredentials(CertificateRequest certificateRequest) => peer.Show();
    }

    private void Know(Certificate certificate)
    {
        HandshakeRules.CheckPeer(parameters, certificate);
        _isPeerKnown = true;
    }

    private TlsCredentials Show() => identity.CreateSigner(m_context);
}
