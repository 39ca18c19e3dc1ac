using System.Text;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Core.Tests.Sdp.Security;

/// <summary>Wishes with keys, and lines of others.</summary>
internal static class SecureSamples
{
    public const string Print = "sha-256 75:74:5A:A6:A4:E5:52:F4:A7:67:4C:01:C7:EE:91:3F:21:3D:A2:E3:53:7B:6F:30:86:F2:30:AA:65:FB:04:24";
    public const string OtherPrint =
        "sha-256 00:74:5A:A6:A4:E5:52:F4:A7:67:4C:01:C7:EE:91:3F:21:3D:A2:E3:53:7B:6F:30:86:F2:30:AA:65:FB:04:24";

    public static readonly CryptoSuite[] Suites =
    [
        new("AEAD_AES_256_GCM", 44), new("AEAD_AES_128_GCM", 28), new("AES_CM_128_HMAC_SHA1_80", 30), new("AES_CM_128_HMAC_SHA1_32", 30),
    ];

    private static byte _next;

    /// <summary>What we want; every key is another one.</summary>
    public static AudioWish Wish(
        SecurityPolicy policy, bool maySendKeys = true, bool hasDtls = false, KeyMethod offer = KeyMethod.Sdes, bool isForBrowser = false) =>
        SdpSamples.Wish with
        {
            Security = new SecurityWish
            {
                Policy = policy,
                MaySendKeys = maySendKeys,
                Suites = Suites,
                NewKey = static length => [.. Enumerable.Repeat(++_next, length)],
                Dtls = hasDtls ? new DtlsWish(Read(OtherPrint), NewLogin) : null,
                OfferMethod = policy == SecurityPolicy.Off ? KeyMethod.None : offer,
                OffersOpportunistically = policy == SecurityPolicy.Prefer && !isForBrowser,
                OffersToBrowser = isForBrowser,
            },
        };

    /// <summary>A line a=crypto of the other side.</summary>
    public static string Line(int tag, string suite, byte key, string rest = "") =>
        $"a=crypto:{tag} {suite} inline:{Key(suite, key)}{rest}";

    public static string Key(string suite, byte key) =>
        Convert.ToBase64String([.. Enumerable.Repeat(key, Suites.Single(s => s.Name == suite).KeyAndSaltLength)]);

    public static SdpFingerprint Read(string text)
    {
        Assert.That(SdpFingerprint.TryParse(text, out var print), Is.True);
        return print!;
    }

    /// <summary>Values of an attribute of the audio.</summary>
    public static string[] Of(SessionDescription description, string name) =>
        [.. description.Media.First(m => m.IsAudio).Attributes.Where(a => a.Name == name).Select(a => a.Value ?? "")];

    public static AgreedKeys.Sdes Sdes(SdpNegotiation negotiation) => (AgreedKeys.Sdes)negotiation.Current!.Security!.Keys;

    public static AgreedKeys.Dtls Dtls(SdpNegotiation negotiation) => (AgreedKeys.Dtls)negotiation.Current!.Security!.Keys;

    private static IceLogin NewLogin() => new($"ours{++_next}", new string('p', 22) + _next);
}
