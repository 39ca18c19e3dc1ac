using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Core.Tests.Sdp.Security;

/// <summary>Keys in session descriptions (RFC 4568).</summary>
public sealed class SdesTests
{
    private const string Cm80 = "AES_CM_128_HMAC_SHA1_80";
    private const string Cm32 = "AES_CM_128_HMAC_SHA1_32";
    private const string Gcm = "AEAD_AES_128_GCM";

    [Test]
    public void Answer_HasTagAndSuiteOfTheFirstLineThatCanBeDone_AndAKeyOfOurs()
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        var answer = SdpSamples.AnswerOf(negotiation, Secure(
            "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" + SecureSamples.Key(Cm80, 1),
            SecureSamples.Line(4, Cm80, 1, " UNENCRYPTED_SRTP"),
            SecureSamples.Line(5, Cm80, 1, " UNENCRYPTED_SRTCP"),
            SecureSamples.Line(6, Cm80, 1, " UNAUTHENTICATED_SRTP"),
            "a=crypto:7 AEAD_AES_128_GCM inline:" + SecureSamples.Key(Cm80, 1),
            SecureSamples.Line(9, Cm32, 2),
            SecureSamples.Line(10, Gcm, 3)));
        var line = SecureSamples.Of(answer, "crypto").Single();

        // §5.1.2: the author's order counts, not ours.
        Assert.That(line, Does.StartWith("9 AES_CM_128_HMAC_SHA1_32 inline:"));
        Assert.That(line, Does.Not.Contain(SecureSamples.Key(Cm32, 2)), "§7.1.2: never the same key");
        Assert.That(SecureSamples.Sdes(negotiation).Theirs.KeyAndSalt.ToArray(), Is.All.EqualTo(2));
        Assert.That(answer.Audio!.Protocol, Is.EqualTo("RTP/SAVP"));
    }

    [TestCase("|2^31|1:1")]
    [TestCase("|2^48")]
    [TestCase("|1:4")]
    [TestCase("|66051:128")]
    public void LifetimeAndIdentifier_AreRead_AndNotRepeated(string rest)
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Require));
        var answer = SdpSamples.AnswerOf(negotiation, Secure(SecureSamples.Line(1, Cm80, 1, rest)));

        Assert.That(SecureSamples.Of(answer, "crypto").Single(), Does.Not.Contain("|"));
        Assert.That(SecureSamples.Sdes(negotiation).Theirs.Identifier.Length > 0, Is.EqualTo(rest.Contains(':')));
    }

    [TestCase("RTP/SAVP")]
    [TestCase("RTP/SAVPF")]
    [TestCase("RTP/AVP", Description = "RFC 8643 §3.2")]
    [TestCase("RTP/AVPF")]
    public void Profile_IsRepeated_AndSecure(string profile)
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        var answer = SdpSamples.AnswerOf(
            negotiation, SdpSamples.Offer($"m=audio 4000 {profile} 0", SecureSamples.Line(1, Cm80, 1)));

        Assert.That(answer.Audio!.Protocol, Is.EqualTo(profile));
        Assert.That(negotiation.Current!.Security, Is.Not.Null);
    }

    [Test]
    public void SecureAndPlainStreamOfTheSame_TheSecureOneIsTaken([Values] bool isSecureFirst)
    {
        string[] secure = ["m=audio 4000 RTP/SAVP 0", SecureSamples.Line(1, Cm80, 1)];
        string[] plain = ["m=audio 4000 RTP/AVP 0"];
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        var answer = SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(isSecureFirst ? [.. secure, .. plain] : [.. plain, .. secure]));

        Assert.That(answer.Media.Select(m => m.Port == 0), Is.EqualTo(new[] { !isSecureFirst, isSecureFirst }));
        Assert.That(negotiation.Current!.Security, Is.Not.Null);
    }

    [Test]
    public void SecureAndPlainStream_WithoutKeysHere_ThePlainOneIsTaken()
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer, maySendKeys: false));
        var answer = SdpSamples.AnswerOf(
            negotiation, SdpSamples.Offer("m=audio 4000 RTP/SAVP 0", SecureSamples.Line(1, Cm80, 1), "m=audio 4000 RTP/AVP 0"));

        Assert.That(answer.Media.Select(m => m.Port == 0), Is.EqualTo(new[] { true, false }));
        Assert.That(negotiation.Current!.Security, Is.Null);
    }

    [Test]
    public void Offer_HasALineForEachSuite_EachWithAKeyOfItsOwn()
    {
        var offer = SdpSamples.OfferOf(SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Require)));
        var lines = SecureSamples.Of(offer, "crypto");

        Assert.That(offer.Audio!.Protocol, Is.EqualTo("RTP/SAVP"));
        Assert.That(lines.Select(l => string.Join(' ', l.Split(' ').Take(2))), Is.EqualTo(new[]
        {
            "1 AEAD_AES_256_GCM", "2 AEAD_AES_128_GCM", "3 AES_CM_128_HMAC_SHA1_80", "4 AES_CM_128_HMAC_SHA1_32",
        }));
        Assert.That(lines.Select(l => l.Split(' ')[2]), Is.Unique);
        Assert.That(SdpSamples.OfferOf(SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Require))), Is.Not.EqualTo(offer));
    }

    [Test]
    public void OfferOfWhoPrefers_IsPlainRtpWithKeys()
    {
        var offer = SdpSamples.OfferOf(SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer)));

        Assert.That((offer.Audio!.Protocol, SecureSamples.Of(offer, "crypto").Length), Is.EqualTo(("RTP/AVP", 4)), "RFC 8643 §3.1");
    }

    [TestCase(nameof(SecurityPolicy.Off), nameof(KeyMethod.Sdes))]
    [TestCase(nameof(SecurityPolicy.Prefer), nameof(KeyMethod.None))]
    public void OfferWithoutKeys_IsAsBefore(string policy, string method) =>
        Assert.That(
            SdpSamples.Negotiation(SecureSamples.Wish(Enum.Parse<SecurityPolicy>(policy), offer: Enum.Parse<KeyMethod>(method))).Offer(SdpSamples.Local.Address, 4000),
            Is.EqualTo(SdpSamples.Negotiation().Offer(SdpSamples.Local.Address, 4000)));

    [TestCase(3, Cm80, NegotiationFailure.None)]
    [TestCase(2, Gcm, NegotiationFailure.None)]
    [TestCase(1, Cm80, NegotiationFailure.BadAnswer, Description = "§5.1.3: the suite of another tag")]
    [TestCase(7, Cm80, NegotiationFailure.BadAnswer, Description = "§5.1.3: a tag that was not offered")]
    public void Answer_HasTagAndSuiteOfOneOfOurs(int tag, string suite, NegotiationFailure expected)
    {
        var (negotiation, _) = Offered(SecurityPolicy.Prefer);

        Assert.That(negotiation.TakeAnswer(Secure(SecureSamples.Line(tag, suite, 99))), Is.EqualTo(expected));
        if (expected == NegotiationFailure.None)
            Assert.That((SecureSamples.Sdes(negotiation).Ours.Tag, SecureSamples.Sdes(negotiation).Ours.Suite), Is.EqualTo((tag, suite)));
    }

    [Test]
    public void AnswerWithSeveralLines_IsNone()
    {
        var (negotiation, _) = Offered(SecurityPolicy.Prefer);

        Assert.That(
            negotiation.TakeAnswer(Secure(SecureSamples.Line(3, Cm80, 99), SecureSamples.Line(4, Cm32, 98))),
            Is.EqualTo(NegotiationFailure.BadAnswer));
    }

    [Test]
    public void AnswerWithOurOwnKey_IsNone()
    {
        var (negotiation, offer) = Offered(SecurityPolicy.Prefer);

        // §7.1.2: with the same key for both directions the key stream would be used twice.
        Assert.That(
            negotiation.TakeAnswer(Secure("a=crypto:" + SecureSamples.Of(offer, "crypto")[2])), Is.EqualTo(NegotiationFailure.BadAnswer));
    }

    [TestCase("RTP/AVP", NegotiationFailure.NoCommonKeys)]
    [TestCase("RTP/SAVP", NegotiationFailure.NoCommonKeys)]
    public void AnswerWithoutKeys_ToASecureProfile_IsNone(string profile, NegotiationFailure expected)
    {
        var (negotiation, _) = Offered(SecurityPolicy.Require);

        Assert.That(negotiation.TakeAnswer(SdpSamples.Offer($"m=audio 4000 {profile} 0")), Is.EqualTo(expected));
        Assert.That(negotiation.Current, Is.Null);
    }

    [TestCase("RTP/AVP", true)]
    [TestCase("RTP/SAVP", true, Description = "some answer what they would have offered")]
    [TestCase("RTP/AVP", false)]
    public void AnswerToPlainRtpWithKeys_IsSecureOrPlain(string profile, bool hasKey)
    {
        var (negotiation, _) = Offered(SecurityPolicy.Prefer);
        var answer = SdpSamples.Offer([$"m=audio 4000 {profile} 0", .. hasKey ? [SecureSamples.Line(3, Cm80, 99)] : Array.Empty<string>()]);

        Assert.That(negotiation.TakeAnswer(answer), Is.EqualTo(NegotiationFailure.None));
        Assert.That(negotiation.Current!.Security is not null, Is.EqualTo(hasKey), "RFC 8643 §3.3");
    }

    [Test]
    public void OfferAgainWithTheSameKey_IsAnsweredWithOurs_AndOneWithAnother_WithANewOne()
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        var first = SdpSamples.AnswerOf(negotiation, Secure(SecureSamples.Line(1, Cm80, 1), SecureSamples.Line(2, Gcm, 2)));
        var held = SdpSamples.AnswerOf(negotiation, Secure(SecureSamples.Line(8, Cm80, 1)));
        var rekeyed = SdpSamples.AnswerOf(negotiation, Secure(SecureSamples.Line(8, Cm80, 5)));

        Assert.That(KeyOf(held), Is.EqualTo(KeyOf(first)), "§7.1.4");
        Assert.That(SecureSamples.Of(held, "crypto").Single(), Does.StartWith("8 "), "under the tag of the offer");
        Assert.That(KeyOf(rekeyed), Is.Not.EqualTo(KeyOf(first)));
    }

    [Test]
    public void OurNextOffer_RepeatsTheKeyInUse_AndTheProfile([Values("RTP/SAVP", "RTP/AVP")] string profile)
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        var answer = SdpSamples.AnswerOf(
            negotiation, SdpSamples.Offer($"m=audio 4000 {profile} 0", SecureSamples.Line(3, Cm32, 1)));
        var offer = SdpSamples.OfferOf(negotiation);

        Assert.That(offer.Audio!.Protocol, Is.EqualTo(profile));
        Assert.That(SecureSamples.Of(offer, "crypto"), Is.EqualTo(SecureSamples.Of(answer, "crypto")));
    }

    [Test]
    public void OfferThatIsRolledBack_LeavesTheKeysAsTheyWere()
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(SecurityPolicy.Prefer));
        SdpSamples.AnswerOf(negotiation, Secure(SecureSamples.Line(1, Cm80, 1)));
        var before = negotiation.Current;
        Assert.That(negotiation.TakeOffer(Secure(SecureSamples.Line(1, Cm80, 7))), Is.EqualTo(NegotiationFailure.None));
        negotiation.RollBack();

        Assert.That(negotiation.Current, Is.SameAs(before), "§7.1.4: the old crypto parameters remain");
    }

    [Test]
    public void ManyLines_AreBounded()
    {
        var lines = Enumerable.Range(1, 100).Select(tag => SecureSamples.Line(tag, Cm80, (byte)tag)).ToArray();
        var offer = Secure(lines);

        Assert.That(DescribedSecurity.LinesOf(offer.Audio!), Has.Count.EqualTo(16));
    }

    private static SessionDescription Secure(params string[] lines) => SdpSamples.Offer(["m=audio 4000 RTP/SAVP 0", .. lines]);

    private static string KeyOf(SessionDescription description) => SecureSamples.Of(description, "crypto").Single().Split(' ')[2];

    private static (SdpNegotiation Negotiation, SessionDescription Offer) Offered(SecurityPolicy policy)
    {
        var negotiation = SdpSamples.Negotiation(SecureSamples.Wish(policy));
        return (negotiation, SdpSamples.OfferOf(negotiation));
    }
}
