using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Core.Tests.Sdp.Security;

/// <summary>Off, Prefer and Require: what becomes of each kind of offer and answer.</summary>
public sealed class SecurityPolicyTests
{
    private const string Plain = "m=audio 4000 RTP/AVP 0";
    private const string Savp = "m=audio 4000 RTP/SAVP 0";
    private const string Tls = "m=audio 4000 UDP/TLS/RTP/SAVP 0";

    private static readonly string Key = SecureSamples.Line(1, "AES_CM_128_HMAC_SHA1_80", 1);

    [TestCase(nameof(SecurityPolicy.Off), Plain, "", NegotiationFailure.None)]
    [TestCase(nameof(SecurityPolicy.Off), Plain, "key", NegotiationFailure.None)]
    [TestCase(nameof(SecurityPolicy.Off), Savp, "key", NegotiationFailure.UnsupportedProfile)]
    [TestCase(nameof(SecurityPolicy.Off), Tls, "print", NegotiationFailure.UnsupportedProfile)]
    [TestCase(nameof(SecurityPolicy.Prefer), Plain, "", NegotiationFailure.None)]
    [TestCase(nameof(SecurityPolicy.Prefer), Plain, "key", NegotiationFailure.None, nameof(KeyMethod.Sdes))]
    [TestCase(nameof(SecurityPolicy.Prefer), Plain, "print", NegotiationFailure.None, nameof(KeyMethod.Dtls))]
    [TestCase(nameof(SecurityPolicy.Prefer), Savp, "", NegotiationFailure.NoCommonKeys)]
    [TestCase(nameof(SecurityPolicy.Prefer), Savp, "bad", NegotiationFailure.NoCommonKeys)]
    [TestCase(nameof(SecurityPolicy.Prefer), Plain, "bad", NegotiationFailure.None)]
    [TestCase(nameof(SecurityPolicy.Prefer), Savp, "key", NegotiationFailure.None, nameof(KeyMethod.Sdes))]
    [TestCase(nameof(SecurityPolicy.Prefer), Savp, "print", NegotiationFailure.None, nameof(KeyMethod.Dtls))]
    [TestCase(nameof(SecurityPolicy.Prefer), Savp, "both", NegotiationFailure.None, nameof(KeyMethod.Dtls))]
    [TestCase(nameof(SecurityPolicy.Prefer), Tls, "print", NegotiationFailure.None, nameof(KeyMethod.Dtls))]
    [TestCase(nameof(SecurityPolicy.Prefer), Tls, "key", NegotiationFailure.NoCommonKeys)]
    [TestCase(nameof(SecurityPolicy.Prefer), "m=audio 4000 TCP/TLS/RTP/SAVP 0", "print", NegotiationFailure.UnsupportedProfile)]
    [TestCase(nameof(SecurityPolicy.Require), Plain, "", NegotiationFailure.EncryptionRequired)]
    [TestCase(nameof(SecurityPolicy.Require), Plain, "bad", NegotiationFailure.EncryptionRequired)]
    [TestCase(nameof(SecurityPolicy.Require), Plain, "key", NegotiationFailure.None, nameof(KeyMethod.Sdes))]
    [TestCase(nameof(SecurityPolicy.Require), Savp, "key", NegotiationFailure.None, nameof(KeyMethod.Sdes))]
    [TestCase(nameof(SecurityPolicy.Require), Savp, "", NegotiationFailure.NoCommonKeys)]
    public void Offer(string policy, string media, string with, NegotiationFailure expected, string method = nameof(KeyMethod.None))
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(Enum.Parse<SecurityPolicy>(policy), hasDtls: true));
        var failure = negotiation.TakeOffer(SdpSamples.Offer([media, .. LinesOf(with)]));

        Assert.That(failure, Is.EqualTo(expected));
        Assert.That(negotiation.Taken?.Security?.Keys.Method ?? KeyMethod.None, Is.EqualTo(Enum.Parse<KeyMethod>(method)));
    }

    [TestCase(nameof(SecurityPolicy.Prefer), Plain, NegotiationFailure.None, Description = "RFC 8643 §4: then it goes on without")]
    [TestCase(nameof(SecurityPolicy.Prefer), Savp, NegotiationFailure.KeysInTheClear, Description = "RFC 4568 §8.3")]
    [TestCase(nameof(SecurityPolicy.Require), Plain, NegotiationFailure.EncryptionRequired)]
    [TestCase(nameof(SecurityPolicy.Require), Savp, NegotiationFailure.KeysInTheClear)]
    public void OfferWithAKey_OverSignallingThatAnybodyCanRead(string policy, string media, NegotiationFailure expected)
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(Enum.Parse<SecurityPolicy>(policy), maySendKeys: false));

        Assert.That(negotiation.TakeOffer(SdpSamples.Offer(media, Key)), Is.EqualTo(expected));
        Assert.That(negotiation.Taken?.Security, Is.Null);
    }

    [TestCase("print", NegotiationFailure.UnsupportedProfile)]
    [TestCase("key", NegotiationFailure.UnsupportedProfile)]
    public void OfferOfDtls_WhereThereIsNone(string with, NegotiationFailure expected) =>
        Assert.That(
            SdpSamples.FailureOf(SdpSamples.Offer([Tls, .. LinesOf(with)]), SecureSamples.Wish(SecurityPolicy.Prefer)), Is.EqualTo(expected));

    [TestCase(Plain, "", NegotiationFailure.EncryptionLost)]
    [TestCase(Plain, "bad", NegotiationFailure.BadAnswer)]
    [TestCase("m=audio 5000 RTP/AVPF 0", "", NegotiationFailure.EncryptionLost)]
    public void WhatWasSecure_IsNeverPlainAgain_WhoeverOffers(string media, string with, NegotiationFailure ofAnswer)
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Plain, Key));
        var before = negotiation.Current;
        var plain = SdpSamples.Offer([media, .. LinesOf(with)]);

        Assert.That(negotiation.TakeOffer(plain), Is.EqualTo(NegotiationFailure.EncryptionLost));
        Assert.That((negotiation.Current, negotiation.State), Is.EqualTo((before, NegotiationState.Idle)));
        SdpSamples.OfferOf(negotiation);
        Assert.That(negotiation.TakeAnswer(plain), Is.EqualTo(ofAnswer));
        Assert.That(negotiation.Current, Is.EqualTo(before));
    }

    [Test]
    public void AudioThatWasEnded_ComesBackSecureOrNotAtAll()
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Savp, Key));
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 0 RTP/SAVP 0"));
        Assert.That(negotiation.Current!.IsOff, Is.True);

        Assert.That(negotiation.TakeOffer(SdpSamples.Offer(Plain)), Is.EqualTo(NegotiationFailure.EncryptionLost));
        Assert.That(negotiation.TakeOffer(SdpSamples.Offer(Savp, Key)), Is.EqualTo(NegotiationFailure.None));
    }

    [Test]
    public void PlainCall_MayBecomeSecure_AndStaysSo()
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Plain));
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Savp, Key));

        Assert.That(negotiation.Current!.Security, Is.Not.Null);
        Assert.That(negotiation.TakeOffer(SdpSamples.Offer(Plain)), Is.EqualTo(NegotiationFailure.EncryptionLost));
    }

    [Test]
    public void Forks_EachHaveKeysOfTheirOwn()
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        SdpSamples.OfferOf(negotiation);
        var (one, other) = (negotiation.Fork(), negotiation.Fork());
        Assert.That(
            one.TakeAnswer(SdpSamples.Offer(Plain, SecureSamples.Line(3, "AES_CM_128_HMAC_SHA1_80", 21))), Is.EqualTo(NegotiationFailure.None));
        Assert.That(
            other.TakeAnswer(SdpSamples.Offer(Plain, SecureSamples.Line(2, "AEAD_AES_128_GCM", 22))), Is.EqualTo(NegotiationFailure.None));

        Assert.That(SecureSamples.Sdes(one).Theirs.KeyAndSalt[0], Is.EqualTo(21));
        Assert.That(SecureSamples.Sdes(other).Theirs.KeyAndSalt[0], Is.EqualTo(22));
    }

    private static string[] LinesOf(string with) => with switch
    {
        "key" => [Key],
        "bad" => ["a=crypto:1 F8_128_HMAC_SHA1_80 inline:" + SecureSamples.Key("AES_CM_128_HMAC_SHA1_80", 1)],
        "print" => ["a=setup:actpass", "a=fingerprint:" + SecureSamples.Print],
        "both" => [Key, "a=setup:actpass", "a=fingerprint:" + SecureSamples.Print],
        _ => [],
    };
}
