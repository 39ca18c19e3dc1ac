using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

/// <summary>The level of packets (RFC 6464 §4) in offer and answer, by the rules of RFC 8285 §5 and §7.</summary>
[TestFixture]
[Property("rfc", "6464 §4")]
public class AudioLevelTests
{
    private const string Uri = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

    private static readonly AudioWish Wish = SdpSamples.Wish with { UsesAudioLevels = true };

    [TestCase("extmap:6 " + Uri, 6, SdpDirection.SendRecv, true, "6 " + Uri)]
    [TestCase("extmap:6 " + Uri + " vad=on", 6, SdpDirection.SendRecv, true, "6 " + Uri)]
    [TestCase("extmap:1 " + Uri + " vad=off", 1, SdpDirection.SendRecv, false, "1 " + Uri + " vad=off")]
    [TestCase("extmap:1 URN:IETF:params:rtp-hdrext:ssrc-audio-level", 1, SdpDirection.SendRecv, true, "1 " + Uri)]
    [TestCase("extmap:2/sendonly " + Uri, 2, SdpDirection.RecvOnly, true, "2/recvonly " + Uri)]
    [TestCase("extmap:2/recvonly " + Uri, 2, SdpDirection.SendOnly, true, "2/sendonly " + Uri)]
    [TestCase("extmap:2/sendrecv " + Uri, 2, SdpDirection.SendRecv, true, "2 " + Uri)]
    [TestCase("extmap:200 " + Uri, 200, SdpDirection.SendRecv, true, "200 " + Uri)]
    [TestCase("extmap:4096 " + Uri, 1, SdpDirection.SendRecv, true, "1 " + Uri)]
    public void Offer_IsAnswered(string line, int id, SdpDirection direction, bool flag, string answered)
    {
        var (answer, negotiated) = SdpSamples.Answer(Offer($"a={line}"), Wish);

        Assert.That(negotiated.AudioLevel, Is.EqualTo(new AgreedAudioLevel(id, direction, flag)));
        Assert.That(LinesOf(answer), Is.EqualTo(new[] { answered }));
    }

    [TestCase("a=extmap:0 " + Uri)]
    [TestCase("a=extmap:15 " + Uri)]            // RFC 8285 §4.2
    [TestCase("a=extmap:256 " + Uri)]
    [TestCase("a=extmap:5000 " + Uri)]
    [TestCase("a=extmap:-1 " + Uri)]
    [TestCase("a=extmap:99999999999999999999 " + Uri)]
    [TestCase("a=extmap: " + Uri)]
    [TestCase("a=extmap:1")]
    [TestCase("a=extmap")]
    [TestCase("a=extmap:1/ " + Uri)]
    [TestCase("a=extmap:1/both " + Uri)]
    [TestCase("a=extmap:1/inactive " + Uri)]
    [TestCase("a=extmap:1 " + Uri + "-x")]
    [TestCase("a=extmap:1 " + Uri + "\r\na=extmap:1 urn:ietf:params:rtp-hdrext:toffset")] // §7: one meaning each
    [TestCase("a=sendonly\r\na=extmap:1/recvonly " + Uri)]                                  // not the direction of the stream
    public void BadOffer_IsAnsweredWithout(string lines)
    {
        var (answer, negotiated) = SdpSamples.Answer(Offer(lines), Wish);

        Assert.That(negotiated.AudioLevel, Is.Null);
        Assert.That(LinesOf(answer), Is.Empty);
    }

    [Test]
    public void NumbersOfOffersOnly_AreMappedToAFreeOne_OrNone()
    {
        var some = Offer("a=extmap:1 urn:a", "a=extmap:2 urn:b", $"a=extmap:4100 {Uri}");
        Assert.That(SdpSamples.Answer(some, Wish).Negotiated.AudioLevel!.Id, Is.EqualTo(3));

        var all = Offer([.. Enumerable.Range(1, 14).Select(i => $"a=extmap:{i} urn:x{i}"), $"a=extmap:4100 {Uri}"]);
        Assert.That(SdpSamples.Answer(all, Wish).Negotiated.AudioLevel, Is.Null);
    }

    [Test]
    public void OfTwo_TheOneWithVoiceFlagIsTaken()
    {
        var (answer, negotiated) = SdpSamples.Answer(Offer($"a=extmap:3 {Uri} vad=off", $"a=extmap:4 {Uri}"), Wish);

        Assert.That(negotiated.AudioLevel, Is.EqualTo(new AgreedAudioLevel(4, SdpDirection.SendRecv, true)));
        Assert.That(LinesOf(answer), Has.Length.EqualTo(1));
    }

    [Test]
    public void LineOfTheSession_CountsForTheStream()
    {
        var offer = SdpSamples.Parse(
            $"v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\na=extmap:7 {Uri}\r\nm=audio 4000 RTP/AVP 8\r\n");

        Assert.That(SdpSamples.Answer(offer, Wish).Negotiated.AudioLevel!.Id, Is.EqualTo(7));
    }

    [Test]
    public void WithoutTheWish_NothingIsSaid()
    {
        var (answer, negotiated) = SdpSamples.Answer(Offer($"a=extmap:6 {Uri}"));

        Assert.That((negotiated.AudioLevel, LinesOf(answer).Length), Is.EqualTo(((AgreedAudioLevel?)null, 0)));
        Assert.That(LinesOf(SdpSamples.OfferOf(SdpSamples.Negotiation())), Is.Empty);
    }

    [TestCase("a=extmap:1 " + Uri, SdpDirection.SendRecv, true)]
    [TestCase("a=extmap:1 " + Uri + " vad=off", SdpDirection.SendRecv, false)]
    [TestCase("a=extmap:1/recvonly " + Uri, SdpDirection.SendOnly, true)]
    [TestCase("a=extmap:1/sendonly " + Uri, SdpDirection.RecvOnly, true)]
    public void OurOffer_Answered(string line, SdpDirection direction, bool flag)
    {
        var negotiation = SdpSamples.Negotiation(Wish);
        Assert.That(LinesOf(SdpSamples.OfferOf(negotiation)), Is.EqualTo(new[] { "1 " + Uri }));

        Assert.That(negotiation.TakeAnswer(Offer(line)), Is.EqualTo(NegotiationFailure.None));

        Assert.That(negotiation.Current!.AudioLevel, Is.EqualTo(new AgreedAudioLevel(1, direction, flag)));
    }

    [TestCase("")]
    [TestCase("a=extmap:2 " + Uri)]         // §7: with the identifier of the offer
    [TestCase("a=extmap:1/inactive " + Uri)]
    [TestCase("a=extmap:1 urn:other")]
    [TestCase("a=extmap:1 " + Uri + "\r\na=extmap:1 urn:other")]
    public void OurOffer_AnsweredBadlyOrWithout_IsNotUsed(string line)
    {
        var negotiation = SdpSamples.Negotiation(Wish);
        SdpSamples.OfferOf(negotiation);

        Assert.That(negotiation.TakeAnswer(line.Length == 0 ? Offer() : Offer(line)), Is.EqualTo(NegotiationFailure.None));

        Assert.That(negotiation.Current!.AudioLevel, Is.Null);
        Assert.That(LinesOf(SdpSamples.OfferOf(negotiation)), Is.Empty, "who did not want it is not asked again");
    }

    [Test]
    public void Identifier_StaysInLaterOffers_AlsoOnHold()
    {
        var negotiation = SdpSamples.Negotiation(Wish);
        SdpSamples.AnswerOf(negotiation, Offer($"a=extmap:9 {Uri}"));

        negotiation.Direction = SdpDirection.SendOnly;
        Assert.That(LinesOf(SdpSamples.OfferOf(negotiation)), Is.EqualTo(new[] { "9 " + Uri }));
        Assert.That(negotiation.TakeAnswer(Offer("a=recvonly", $"a=extmap:9 {Uri}")), Is.EqualTo(NegotiationFailure.None));
        Assert.That(negotiation.Current!.AudioLevel!.Id, Is.EqualTo(9));

        var answer = SdpSamples.AnswerOf(negotiation, Offer("a=sendrecv", "a=extmap:9/sendonly " + Uri));
        Assert.That(LinesOf(answer), Is.Empty, "we only send, and it wants to tell us");
    }

    private static SessionDescription Offer(params string[] lines) => SdpSamples.Offer(["m=audio 4000 RTP/AVP 8", .. lines]);

    private static string[] LinesOf(SessionDescription description) =>
        [.. description.Audio!.Attributes.Where(a => a.Name == "extmap").Select(a => a.Value!)];
}
