using System.Security.Cryptography;
using Atm0s.Sip.Core.Sdp.Security;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Calls.Audio.Security;

/// <summary>Whether and how the audio of calls is encrypted, as far as the options say. Any thread.</summary>
/// <param name="options">Of the media.</param>
/// <param name="dtls">Makes certificates; null where the package is not there.</param>
internal sealed class AudioSecurity(MediaOptions options, IDtlsProvider? dtls)
{
    private readonly CryptoSuite[] _suites =
    [
        .. options.SrtpSuites.Select(SrtpSuite.Find).OfType<SrtpSuite>().Distinct()
            .Select(suite => new CryptoSuite(suite.Name, suite.KeyLength + suite.SaltLength)),
    ];

    /// <summary>The rule for a call: that of its trunk or of the server, or what was decided for it where that does not soften it.</summary>
    /// <param name="trunk">Its trunk, or null.</param>
    /// <param name="decided">What the host has said of this call, or null.</param>
    public MediaEncryption PolicyOf(TrunkOptions? trunk, MediaEncryption? decided)
    {
        var general = trunk?.Encryption ?? options.Encryption;
        return general == MediaEncryption.Require ? general : decided ?? general;
    }

    /// <summary>What the descriptions of a call may say.</summary>
    /// <param name="policy">Its rule.</param>
    /// <param name="exchange">Where keys of its offers come from; null takes what the options say.</param>
    /// <param name="flow">The way of its signalling.</param>
    /// <param name="isStrict">Whether plain RTP must not be offered although it would do.</param>
    public CallSecurity For(MediaEncryption policy, MediaKeyExchange? exchange, SipFlow flow, bool isStrict = false)
    {
        // RFC 4568 §8.3: whoever sees a description with keys can listen.
        var maySendKeys = flow.IsSecure || options.AllowKeysOverPlainSignalling;
        var identity = policy == MediaEncryption.Off ? null : dtls?.Identity;
        var isBrowser = flow.Protocol is SipTransportProtocol.Ws or SipTransportProtocol.Wss && identity is not null;
        var method = MethodOf(policy, exchange ?? options.KeyExchange, maySendKeys && _suites.Length > 0, identity is not null, isBrowser);
        return new CallSecurity(
            policy,
            new SecurityWish
            {
                Policy = (SecurityPolicy)policy,
                MaySendKeys = maySendKeys,
                Suites = _suites,
                NewKey = RandomNumberGenerator.GetBytes,
                Dtls = identity is null ? null : new DtlsWish(PrintOf(identity), NewIceLogin),
                OfferMethod = method,
                OffersToBrowser = isBrowser && method == KeyMethod.Dtls,
                OffersOpportunistically = policy == MediaEncryption.Prefer && !isStrict && !isBrowser,
            },
            identity);
    }

    private static KeyMethod MethodOf(
        MediaEncryption policy, MediaKeyExchange exchange, bool maySendKeys, bool hasDtls, bool isBrowser) => exchange switch
        {
            _ when policy == MediaEncryption.Off => KeyMethod.None,
            MediaKeyExchange.Sdes => maySendKeys ? KeyMethod.Sdes : KeyMethod.None,
            MediaKeyExchange.Dtls => hasDtls ? KeyMethod.Dtls : KeyMethod.None,
            _ when isBrowser => KeyMethod.Dtls,
            _ when maySendKeys => KeyMethod.Sdes,
            _ when policy == MediaEncryption.Require && hasDtls => KeyMethod.Dtls,
            _ => KeyMethod.None,
        };

    private static SdpFingerprint PrintOf(IDtlsIdentity identity) =>
        SdpFingerprint.TryParse(identity.Fingerprint.ToString(), out var print)
            ? print
            : throw new InvalidOperationException("The fingerprint of a certificate is SHA-256, SHA-384 or SHA-512 (RFC 8122 §5).");

    private static IceLogin NewIceLogin()
    {
        var made = IceCredentials.Create();
        return new IceLogin(made.Ufrag, made.Password);
    }
}
