using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

/// <summary>Which telephone events go with which codec (RFC 4733 §2.1), and comfort noise (RFC 3389 §4).</summary>
[TestFixture]
[Property("rfc", "4733 §2.1, §2.5")]
public class TelephoneEventTests
{
    private static readonly string[] Maps =
    [
        "a=rtpmap:111 opus/48000/2", "a=rtpmap:101 telephone-event/8000", "a=rtpmap:102 telephone-event/48000",
        "a=rtpmap:103 telephone-event/16000", "a=rtpmap:104 CN/48000",
    ];

    // The clock of the codec where there is one, else 8000 Hz, which is all that many phones know.
    [TestCase("111 101", 101, 8000)]
    [TestCase("111 8 101", 101, 8000)]
    [TestCase("111 101 102", 102, 48000)]
    [TestCase("111 102 101", 102, 48000)]
    [TestCase("111 103 101", 101, 8000)]
    [TestCase("111 103", 103, 16000)]
    [TestCase("8 101 102", 101, 8000)]
    [TestCase("8 102", 102, 48000)]
    public void Answer_TakesTheEventsThatThePhoneHas(string types, int payloadType, int clockRate)
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer(["m=audio 4000 RTP/AVP " + types, .. Maps]));
        var expected = new NegotiatedEvents(payloadType, clockRate);

        Assert.That(negotiated.SendEvents, Is.EqualTo(expected));
        Assert.That(negotiated.ReceiveEvents, Is.EqualTo(new[] { expected }));
        Assert.That(
            answer.Audio!.Formats.Single(f => f.IsTelephoneEvent),
            Is.EqualTo(new SdpFormat(payloadType, "telephone-event", clockRate, 1, "0-16")));
    }

    [TestCase("111")]
    [TestCase("8")]
    [TestCase("8 105")]
    public void Answer_WithoutEventsInTheOffer_HasNone(string types)
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer(["m=audio 4000 RTP/AVP " + types, .. Maps]));

        Assert.That((negotiated.SendEvents, negotiated.ReceiveEvents.Count), Is.EqualTo(((NegotiatedEvents?)null, 0)));
        Assert.That(answer.Audio!.Formats, Has.Count.EqualTo(1));
    }

    // A phone that answers Opus and the events of G.711.
    [TestCase("111 101", 101, 8000)]
    [TestCase("111 102", 102, 48000)]
    [TestCase("8 102", 102, 48000)]
    public void TakeAnswer_EventsOfAnotherClock_AreTaken(string types, int payloadType, int clockRate)
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.OfferOf(negotiation);
        negotiation.TakeAnswer(SdpSamples.Offer(["m=audio 4000 RTP/AVP " + types, .. Maps]));

        Assert.That(negotiation.Current!.SendEvents, Is.EqualTo(new NegotiatedEvents(payloadType, clockRate)));
        Assert.That(negotiation.Current.ReceiveEvents.Select(e => e.ClockRate), Is.Not.Empty.And.All.EqualTo(clockRate));
    }

    [TestCase("8 13", 13)]
    [TestCase("8 13 101", 13)]
    [TestCase("111 13", null, Description = "Opus has its own (RFC 7587 §3.1.3)")]
    [TestCase("111 104", 104, Description = "whose clock is that of the codec")]
    [TestCase("8 104", null)]
    [TestCase("8", null)]
    public void Answer_ComfortNoise_IsTakenWhenOffered(string types, int? expected)
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer(["m=audio 4000 RTP/AVP " + types, .. Maps]));

        Assert.That(negotiated.ComfortNoise, Is.EqualTo(expected));
        Assert.That(
            answer.Audio!.Formats.Where(f => f.IsComfortNoise).Select(f => (int?)f.PayloadType),
            Is.EqualTo(expected is null ? [] : new[] { expected }));
    }

    [TestCase(true, 13)]
    [TestCase(false, null)]
    public void TakeAnswer_ComfortNoise_OnlyWhenWeOfferedIt(bool offered, int? expected)
    {
        var negotiation = SdpSamples.Negotiation(SdpSamples.Wish with { OfferComfortNoise = offered });
        SdpSamples.OfferOf(negotiation);
        negotiation.TakeAnswer(SdpSamples.Offer("m=audio 4000 RTP/AVP 8 13"));

        Assert.That(negotiation.Current!.ComfortNoise, Is.EqualTo(expected));
    }
}
