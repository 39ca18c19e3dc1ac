using System.Collections.Concurrent;
using Atm0s.Sip.Media.Dtls;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Org.BouncyCastle.X509;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>
/// The other side of a handshake, which has nothing of ours in it: the library's own client or server, on a thread of its own, with queues
/// for the network.
/// </summary>
internal sealed class IndependentPeer : IDisposable
{
    private static readonly BcTlsCrypto Crypto = new(new SecureRandom());

    private readonly BlockingCollection<byte[]> _in = new(1000);
    private readonly ConcurrentQueue<byte[]> _out = new();
    private readonly AutoResetEvent _moved = new(false);
    private readonly AsymmetricCipherKeyPair _key;
    private readonly Certificate _certificate;
    private readonly bool _isClient;
    private Thread? _thread;
    private DtlsTransport? _transport;
    private int _put;

    /// <summary>A new one, with a certificate of its own.</summary>
    /// <param name="isClient">Whether it begins.</param>
    public IndependentPeer(bool isClient)
    {
        _isClient = isClient;
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, new SecureRandom()));
        _key = generator.GenerateKeyPair();
        var x509 = new X509V3CertificateGenerator();
        x509.SetSerialNumber(BigInteger.One);
        x509.SetIssuerDN(new X509Name("CN=peer"));
        x509.SetSubjectDN(new X509Name("CN=peer"));
        x509.SetNotBefore(DateTime.UtcNow.AddDays(-1));
        x509.SetNotAfter(DateTime.UtcNow.AddDays(30));
        x509.SetPublicKey(_key.Public);
        var bytes = x509.Generate(new Asn1SignatureFactory("SHA256WITHECDSA", _key.Private)).GetEncoded();
        _certificate = new Certificate([new BcTlsCertificate(Crypto, bytes)]);
        Fingerprint = CertificateFingerprint.Of(bytes);
    }

    private IndependentPeer(IndependentPeer other) =>
        (_isClient, _key, _certificate, Fingerprint) = (other._isClient, other._key, other._certificate, other.Fingerprint);

    public CertificateFingerprint Fingerprint { get; }

    public int[] Profiles { get; init; } = [SrtpProtectionProfile.SRTP_AEAD_AES_128_GCM, SrtpProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80];

    public int[] Suites { get; init; } = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];

    public bool ShowsCertificate { get; init; } = true;

    /// <summary>How many datagrams it sends, and not one more.</summary>
    public int StopsAfter { get; init; } = int.MaxValue;

    public int ResendMilliseconds { get; init; } = 1000;

    /// <summary>The profile that was agreed on; 0 before.</summary>
    public int Profile { get; private set; }

    /// <summary>What was exported; null before the handshake is complete.</summary>
    public byte[]? Material { get; private set; }

    /// <summary>The other side's certificate, in DER.</summary>
    public byte[]? Seen { get; private set; }

    public Exception? Failure { get; private set; }

    public bool IsDone => Material is not null || Failure is not null;

    public bool HasOutput => !_out.IsEmpty;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "peer's handshake" };
        _thread.Start();
    }

    /// <summary>Another one with the same certificate.</summary>
    public IndependentPeer Again() => new(this);

    public void OnDatagram(byte[] datagram) => _in.TryAdd(datagram);

    public bool TryTake(out byte[] datagram) => _out.TryDequeue(out datagram!);

    /// <summary>Says close_notify.</summary>
    public void Close() => _transport!.Close();

    /// <summary>Works on what came after the handshake.</summary>
    public void Pump()
    {
        while (_in.Count > 0)
            _transport!.Receive(new byte[2048], 0, 2048, 1);
    }

    /// <summary>Waits until it has something to send, or is done; a moment at most.</summary>
    public void WaitForOutput() => _moved.WaitOne(5);

    public void Dispose()
    {
        _in.CompleteAdding();
        _thread?.Join(TimeSpan.FromSeconds(10));
        _in.Dispose();
        _moved.Dispose();
    }

    private void Put(ReadOnlySpan<byte> datagram)
    {
        if (_put++ < StopsAfter)
            _out.Enqueue(datagram.ToArray());
        _moved.Set();
    }

    private void Run()
    {
        try
        {
            _transport = _isClient
                ? new DtlsClientProtocol().Connect(new Client(this), new Transport(this))
                : new DtlsServerProtocol { VerifyRequests = false }.Accept(new Server(this), new Transport(this));
        }
        catch (Exception e)
        {
            Failure = e;
        }

        _moved.Set();
    }

    private void Complete(TlsContext context)
    {
        var length = SrtpSuiteLength(Profile);
        Material = context.ExportKeyingMaterial(ExporterLabel.dtls_srtp, null, length);
    }

    private static int SrtpSuiteLength(int profile) => profile switch
    {
        SrtpProtectionProfile.SRTP_AEAD_AES_256_GCM => 2 * (32 + 12),
        SrtpProtectionProfile.SRTP_AEAD_AES_128_GCM => 2 * (16 + 12),
        _ => 2 * (16 + 14),
    };

    private BcDefaultTlsCredentialedSigner Sign(TlsContext context) => new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context), Crypto, _key.Private, _certificate,
        SignatureAndHashAlgorithm.GetInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));

    private sealed class Transport(IndependentPeer peer) : DatagramTransport
    {
        public int GetReceiveLimit() => 2048;

        public int GetSendLimit() => 1200;

        public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

        public int Receive(Span<byte> buffer, int waitMillis)
        {
            if (!peer._in.TryTake(out var datagram, waitMillis))
                return peer._in.IsAddingCompleted ? throw new TlsFatalAlert(AlertDescription.user_canceled) : -1;
            datagram.CopyTo(buffer);
            return datagram.Length;
        }

        public void Send(byte[] buf, int off, int len) => peer.Put(buf.AsSpan(off, len));

        public void Send(ReadOnlySpan<byte> buffer) => peer.Put(buffer);

        public void Close()
        {
        }
    }

    private sealed class Client(IndependentPeer peer) : DefaultTlsClient(IndependentPeer.Crypto)
    {
        public override int GetHandshakeTimeoutMillis() => 60_000;

        public override int GetHandshakeResendTimeMillis() => peer.ResendMilliseconds;

        public override IDictionary<int, byte[]> GetClientExtensions()
        {
            var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetClientExtensions());
            if (peer.Profiles.Length > 0)
                TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData(peer.Profiles, []));
            return extensions;
        }

        public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
        {
            base.ProcessServerExtensions(serverExtensions);
            peer.Profile = TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions).ProtectionProfiles[0];
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            peer.Complete(m_context);
        }

        public override TlsAuthentication GetAuthentication() => new Authentication(peer, m_context);

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

        protected override int[] GetSupportedCipherSuites() => peer.Suites;
    }

    private sealed class Authentication(IndependentPeer peer, TlsContext context) : TlsAuthentication
    {
        public void NotifyServerCertificate(TlsServerCertificate serverCertificate) =>
            peer.Seen = serverCertificate.Certificate.GetCertificateAt(0).GetEncoded();

        public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest) =>
            peer.ShowsCertificate ? peer.Sign(context) : null;
    }

    private sealed class Server(IndependentPeer peer) : DefaultTlsServer(IndependentPeer.Crypto)
    {
        public override int GetHandshakeTimeoutMillis() => 60_000;

        public override int GetHandshakeResendTimeMillis() => peer.ResendMilliseconds;

        public override CertificateRequest GetCertificateRequest() =>
            new([ClientCertificateType.ecdsa_sign], TlsUtilities.GetDefaultSupportedSignatureAlgorithms(m_context), null);

        public override void NotifyClientCertificate(Certificate clientCertificate) =>
            peer.Seen = clientCertificate.GetCertificateAt(0).GetEncoded();

        public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
        {
            base.ProcessClientExtensions(clientExtensions);
            var offered = TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions).ProtectionProfiles;
            peer.Profile = peer.Profiles.FirstOrDefault(offered.Contains);
        }

        public override IDictionary<int, byte[]> GetServerExtensions()
        {
            var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetServerExtensions());
            if (peer.Profile != 0)
                TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData([peer.Profile], []));
            return extensions;
        }

        public override void NotifyHandshakeComplete()
        {
            base.NotifyHandshakeComplete();
            peer.Complete(m_context);
        }

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

        protected override int[] GetSupportedCipherSuites() => peer.Suites;

        protected override TlsCredentialedSigner GetECDsaSignerCredentials() => peer.Sign(m_context);
    }
}
