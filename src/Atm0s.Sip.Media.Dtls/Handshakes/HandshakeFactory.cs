using Microsoft.Extensions.Logging;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>What the handshakes of a server share: the library, the bounds, the secret of the cookies. Any thread.</summary>
internal sealed class HandshakeFactory
{
    private static readonly TimeSpan CookieTime = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private DtlsVerifier _verifier;
    private long _verifierMade;

    public HandshakeFactory(DtlsOptions options, TimeProvider time, ILogger logger)
    {
        (Options, Time, Logger) = (options, time, logger);
        Places = new HandshakePlaces(options, time);
        (_verifier, _verifierMade) = (new DtlsVerifier(Crypto), time.GetTimestamp());
    }

    public BcTlsCrypto Crypto { get; } = new(new SecureRandom(new CryptoApiRandomGenerator()));

    public DtlsOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>How many handshakes there may be, and whose.</summary>
    public HandshakePlaces Places { get; }

    /// <summary>
    /// Looks whether a ClientHello brings back the cookie that its source was given, which it is given now if it does not (RFC 6347
    /// §4.2.1). The secret changes every hour.
    /// </summary>
    /// <returns>What the handshake goes on from; null when it does not.</returns>
    public DtlsRequest? Verify(byte[] source, byte[] datagram, DatagramSender answer) =>
        CurrentVerifier().VerifyRequest(source, datagram, 0, datagram.Length, answer);

    private DtlsVerifier CurrentVerifier()
    {
        lock (_gate)
        {
            if (Time.GetElapsedTime(_verifierMade) >= CookieTime)
                (_verifier, _verifierMade) = (new DtlsVerifier(Crypto), Time.GetTimestamp());
            return _verifier;
        }
    }
}
