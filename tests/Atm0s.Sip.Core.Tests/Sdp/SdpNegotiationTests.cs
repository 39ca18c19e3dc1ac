using System.Net;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

/// <summary>What holds over the life of a session, whoever offers.</summary>
[TestFixture]
[Property("rfc", "3264 §4, §8, §8.3.2")]
public class SdpNegotiationTests
{
    private static readonly string[] Opus111 =
        ["m=audio 4000 RTP/AVP 111 96 97", "a=rtpmap:111 opus/48000/2", "a=rtpmap:96 telephone-event/48000", "a=rtpmap:97 speex/16000"];

    private static Dictionary<int, string> Map(SessionDescription description) =>
        description.Audio!.Formats.ToDictionary(f => f.PayloadType, f => $"{f.Name}/{f.ClockRate}");

    private static string VersionOf(SessionDescription description) => description.Origin.SessionVersion;

    [Test]
    public void OurOffer_AfterTheirs_KeepsEveryNumber()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Opus111));

        Assert.That(Map(SdpSamples.OfferOf(negotiation)), Is.EqualTo(new Dictionary<int, string>
        {
            [111] = "opus/48000", [8] = "PCMA/8000", [0] = "PCMU/8000", [96] = "telephone-event/48000", [101] = "telephone-event/8000",
        }));
    }

    [Test]
    public void OurOffer_NeverGivesANumberOfTheirsAnotherMeaning()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(
            "m=audio 4000 RTP/AVP 8 96 97 98 101",
            "a=rtpmap:96 speex/16000", "a=rtpmap:97 iLBC/8000", "a=rtpmap:98 AMR/8000", "a=rtpmap:101 AMR-WB/16000"));
        var offer = Map(SdpSamples.OfferOf(negotiation));

        Assert.That(offer, Does.Not.ContainKey(96).And.Not.ContainKey(97).And.Not.ContainKey(98).And.Not.ContainKey(101));
        Assert.That(
            offer.Values,
            Is.EquivalentTo(new[] { "PCMA/8000", "opus/48000", "PCMU/8000", "telephone-event/8000", "telephone-event/48000" }));
    }

    [Test]
    public void OurOffer_AfterARefusedOne_KeepsItsNumbers()
    {
        var negotiation = SdpSamples.Negotiation();
        var first = Map(SdpSamples.OfferOf(negotiation));
        negotiation.RollBack();
        // Meanwhile they use one of those numbers otherwise: the next offer of ours does not follow.
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/8000"));
        var second = Map(SdpSamples.OfferOf(negotiation));

        Assert.That(second.Where(f => first.TryGetValue(f.Key, out var before) && before != f.Value && f.Key != 96), Is.Empty);
        Assert.That(second[96], Is.EqualTo("telephone-event/8000"), "what our own answer said last");
        Assert.That(second.Single(f => f.Value == "opus/48000").Key, Is.Not.EqualTo(96));
    }

    [Test]
    public void TheirOffer_WithOtherNumbers_IsAnsweredWithThem_AndTheOldOnesAreStillUnderstood()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.OfferOf(negotiation);
        Assert.That(
            negotiation.TakeAnswer(
                SdpSamples.Offer("m=audio 4000 RTP/AVP 96 97", "a=rtpmap:96 opus/48000/2", "a=rtpmap:97 telephone-event/48000")),
            Is.EqualTo(NegotiationFailure.None));
        var answer = SdpSamples.AnswerOf(
            negotiation,
            SdpSamples.Offer("m=audio 4000 RTP/AVP 111 110", "a=rtpmap:111 opus/48000/2", "a=rtpmap:110 telephone-event/48000"));

        Assert.That(answer.Audio!.FormatTokens, Is.EqualTo(new[] { "111", "110" }));
        Assert.That(negotiation.Current!.Send.PayloadType, Is.EqualTo(111));
        Assert.That(
            negotiation.Current.Receive.Select(f => f.PayloadType), Is.EqualTo(new[] { 111, 96 }), "§8.3.2: packets may be on their way");
        Assert.That(negotiation.Current.ReceiveEvents.Select(e => e.PayloadType), Is.EqualTo(new[] { 110, 97 }));
    }

    [Test]
    public void NumberWithANewMeaning_IsNotUnderstoodInTheOldWay()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2"));
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/8000"));

        Assert.That(negotiation.Current!.Receive.Select(f => f.PayloadType), Is.EqualTo(new[] { 8 }));
        Assert.That(negotiation.Current.ReceiveEvents.Single(), Is.EqualTo(new NegotiatedEvents(96, 8000)));
    }

    [Test]
    public void SameOfferAgain_ChangesNothing_NotEvenTheVersion()
    {
        var negotiation = SdpSamples.Negotiation();
        var first = SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Opus111));
        var before = negotiation.Current!;
        var second = SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Opus111));

        Assert.That(VersionOf(second), Is.EqualTo(VersionOf(first)));
        Assert.That(negotiation.Current!.Receive, Is.EqualTo(before.Receive));
        Assert.That(negotiation.Current.ReceiveEvents, Is.EqualTo(before.ReceiveEvents));
    }

    [Test]
    public void Version_GoesUpByOne_WithEveryChange()
    {
        var negotiation = SdpSamples.Negotiation();
        string[] hold = [.. Opus111, "a=sendonly"];
        SessionDescription[] said =
        [
            SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Opus111)),
            SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(hold)),
            SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(hold)),
            SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Opus111)),
            SdpSamples.OfferOf(negotiation),
        ];

        Assert.That(said.Select(VersionOf), Is.EqualTo(new[] { "1", "2", "2", "3", "4" }));
        Assert.That(said.Select(d => d.Origin.SessionId), Has.All.EqualTo("42"));
        negotiation.RollBack();
        Assert.That(VersionOf(SdpSamples.OfferOf(negotiation)), Is.EqualTo("4"), "the same offer once more");
    }

    [Test]
    public void OpenOffer_OfOurs_LetsNoOtherIn()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.OfferOf(negotiation);

        Assert.That(negotiation.TakeOffer(SdpSamples.Offer(Opus111)), Is.EqualTo(NegotiationFailure.OfferPending));
        Assert.That(() => negotiation.Offer(IPAddress.Loopback, 1), Throws.InvalidOperationException);
        Assert.That(() => negotiation.Answer(IPAddress.Loopback, 1), Throws.InvalidOperationException);
        negotiation.RollBack();
        Assert.That(negotiation.TakeOffer(SdpSamples.Offer(Opus111)), Is.EqualTo(NegotiationFailure.None));
    }

    [Test]
    public void OpenOffer_OfTheirs_LetsNoOtherIn_AndHoldsOnlyOnceAnswered()
    {
        var negotiation = SdpSamples.Negotiation();
        Assert.That(negotiation.TakeOffer(SdpSamples.Offer(Opus111)), Is.EqualTo(NegotiationFailure.None));

        Assert.That((negotiation.State, negotiation.Current), Is.EqualTo((NegotiationState.OfferTaken, (NegotiatedAudio?)null)));
        Assert.That(negotiation.Taken!.Send.PayloadType, Is.EqualTo(111));
        Assert.That(negotiation.TakeOffer(SdpSamples.Offer(Opus111)), Is.EqualTo(NegotiationFailure.OfferPending));
        Assert.That(() => negotiation.TakeAnswer(SdpSamples.Offer(Opus111)), Throws.InvalidOperationException);
        negotiation.RollBack();
        Assert.That(
            (negotiation.State, negotiation.Current, negotiation.Taken),
            Is.EqualTo((NegotiationState.Idle, (NegotiatedAudio?)null, (NegotiatedAudio?)null)));
    }

    [Test]
    public void RefusedReOffer_LeavesEverythingAsItWas()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer(Opus111));
        var before = negotiation.Current;
        SdpSamples.OfferOf(negotiation);
        negotiation.RollBack();

        Assert.That(negotiation.Current, Is.SameAs(before));
        Assert.That(negotiation.TakeOffer(SdpSamples.Offer("m=audio 4000 RTP/AVP 18")), Is.EqualTo(NegotiationFailure.NoCommonCodec));
        Assert.That(negotiation.Current, Is.SameAs(before));
    }

    // A hold is no reason to change the codec; a new first choice, or a better codec where there was none, is.
    [TestCase("8 0 96", "PCMA")]
    [TestCase("96 8 0", "opus")]
    [TestCase("0", "PCMU")]
    public void ReOffer_OfWhoAnsweredPcma(string types, string expected)
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.OfferOf(negotiation);
        negotiation.TakeAnswer(SdpSamples.Offer("m=audio 4000 RTP/AVP 8 0"));
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVP " + types, "a=rtpmap:96 opus/48000/2"));

        Assert.That(negotiation.Current!.Send.Format.Name, Is.EqualTo(expected));
    }

    [Test]
    public void NoNumberEverChangesItsMeaning([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        var negotiation = SdpSamples.Negotiation(
            new AudioWish { Formats = [SdpSamples.Opus, SdpSamples.Pcma, SdpSamples.G722], OfferComfortNoise = true });
        var meanings = new Dictionary<int, string>();
        for (var i = 0; i < 40; i++)
        {
            SessionDescription said;
            if (random.Next(2) == 0)
            {
                said = SdpSamples.OfferOf(negotiation);
                if (random.Next(3) > 0)
                    Assert.That(negotiation.TakeAnswer(Reply(said)), Is.EqualTo(NegotiationFailure.None));
                else
                    negotiation.RollBack();
            }
            else
            {
                said = SdpSamples.AnswerOf(negotiation, Theirs());
            }

            foreach (var format in said.Audio!.Formats)
            {
                var meaning = $"{format.Name}/{format.ClockRate}";
                Assert.That(
                    meanings.TryAdd(format.PayloadType, meaning) || meanings[format.PayloadType] == meaning,
                    Is.True,
                    $"{format.PayloadType}: {meaning}");
            }
        }

        // A peer that keeps to the rule as well: numbers of its own that mean one thing each.
        SessionDescription Theirs()
        {
            var offset = seed % 10;
            string[] maps =
                [$"{100 + offset} opus/48000/2", $"{111 + offset} telephone-event/8000", "35 speex/16000",
                    $"{36 + offset} telephone-event/48000"];
            var free = maps.Where(IsFree).ToArray();
            return SdpSamples.Offer(
                [$"m=audio 4000 RTP/AVP 8 {string.Join(' ', free.Select(m => m.Split(' ')[0]))}", .. free.Select(m => "a=rtpmap:" + m)]);
        }

        bool IsFree(string map) =>
            !meanings.TryGetValue(int.Parse(map.Split(' ')[0]), out var other) || map.Contains(other, StringComparison.Ordinal);

        SessionDescription Reply(SessionDescription offer) =>
            SdpSamples.Answer(offer, SdpSamples.Wish with { Formats = [random.Next(2) == 0 ? SdpSamples.Pcma : SdpSamples.Opus] }).Answer;
    }
}
