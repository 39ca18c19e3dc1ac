using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "3264 §6, §7")]
public class AcceptAnswerTests
{
    // Ours: 96 opus, 8 PCMA, 0 PCMU, 97 telephone-event/48000, 101 telephone-event/8000.
    private static NegotiatedAudio Accept(params string[] lines)
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.OfferOf(negotiation);
        Assert.That(negotiation.TakeAnswer(SdpSamples.Offer(lines)), Is.EqualTo(NegotiationFailure.None));
        Assert.That(negotiation.State, Is.EqualTo(NegotiationState.Idle));
        return negotiation.Current!;
    }

    private static NegotiationFailure FailureOf(AudioWish wish, params string[] lines)
    {
        var negotiation = SdpSamples.Negotiation(wish);
        SdpSamples.OfferOf(negotiation);
        var failure = negotiation.TakeAnswer(SdpSamples.Offer(lines));
        Assert.That(
            (negotiation.State, negotiation.Current),
            Is.EqualTo((NegotiationState.OfferSent, (NegotiatedAudio?)null)),
            "the offer is still open");
        return failure;
    }

    private static IEnumerable<string> Names(IEnumerable<NegotiatedFormat> formats) =>
        formats.Select(f => $"{f.PayloadType} {f.Format.Name}");

    [Test]
    public void TakeAnswer_OtherPayloadTypes_SendTheirs_ReceiveBoth()
    {
        var negotiated = Accept(
            "m=audio 4000 RTP/AVP 120 110 0",
            "a=rtpmap:120 opus/48000/2",
            "a=fmtp:120 maxaveragebitrate=8000",
            "a=rtpmap:110 telephone-event/48000",
            "a=ptime:40");

        Assert.That(negotiated.Send, Is.EqualTo(new NegotiatedFormat(120, SdpSamples.Opus, "maxaveragebitrate=8000")));
        Assert.That(
            Names(negotiated.Receive),
            Is.EqualTo(new[] { "96 opus", "120 opus", "0 PCMU" }),
            "§7 says our number; some send with their own");
        Assert.That(negotiated.Receive.Select(f => f.Parameters), Has.All.Null, "what they ask for does not concern what they send");
        Assert.That(negotiated.SendEvents, Is.EqualTo(new NegotiatedEvents(110, 48000)));
        Assert.That(negotiated.ReceiveEvents, Is.EqualTo(new[] { new NegotiatedEvents(97, 48000), new NegotiatedEvents(110, 48000) }));
        Assert.That(negotiated.PacketTime, Is.EqualTo(40));
        Assert.That(negotiated.Remote!.ToString(), Is.EqualTo("198.51.100.1:4000"));
    }

    [Test]
    public void TakeAnswer_ManyFormats_EachMayCome()
    {
        var negotiated = Accept("m=audio 4000 RTP/AVP 8 0 101 13", "a=rtpmap:101 telephone-event/8000");

        Assert.That(negotiated.Send.Format, Is.EqualTo(SdpSamples.Pcma));
        Assert.That(Names(negotiated.Receive), Is.EqualTo(new[] { "8 PCMA", "0 PCMU" }));
        Assert.That(negotiated.ReceiveEvents, Is.EqualTo(new[] { new NegotiatedEvents(101, 8000) }));
        Assert.That(negotiated.ComfortNoise, Is.Null, "it was not offered");
    }

    [Test]
    public void TakeAnswer_TheirNumberMeansSomethingElseToUs_OursHolds()
    {
        var negotiated = Accept("m=audio 4000 RTP/AVP 97 96", "a=rtpmap:97 opus/48000/2", "a=rtpmap:96 telephone-event/48000");

        Assert.That(Names(negotiated.Receive), Is.EqualTo(new[] { "96 opus" }));
        Assert.That(negotiated.ReceiveEvents, Is.EqualTo(new[] { new NegotiatedEvents(97, 48000) }));
        Assert.That((negotiated.Send.PayloadType, negotiated.SendEvents!.Value.PayloadType), Is.EqualTo((97, 96)));
    }

    [Test]
    public void TakeAnswer_FirstOfTheAnswerDecides() =>
        Assert.That(Accept("m=audio 4000 RTP/AVP 18 0 8").Send.Format, Is.EqualTo(SdpSamples.Pcmu));

    [Test]
    public void TakeAnswer_OurOwnAnswerer_Agrees()
    {
        var negotiation = SdpSamples.Negotiation();
        var (answer, theirs) = SdpSamples.Answer(SdpSamples.OfferOf(negotiation), SdpSamples.Wish with { Formats = [SdpSamples.Pcma] });

        Assert.That(negotiation.TakeAnswer(answer), Is.EqualTo(NegotiationFailure.None));
        var ours = negotiation.Current!;
        Assert.That(
            (ours.Send.Format, ours.Send.PayloadType, ours.SendEvents),
            Is.EqualTo((theirs.Receive[0].Format, theirs.Receive[0].PayloadType, (NegotiatedEvents?)theirs.ReceiveEvents[0])));
    }

    [TestCase("a=sendonly", SdpDirection.RecvOnly)]
    [TestCase("a=recvonly", SdpDirection.SendOnly)]
    [TestCase("a=inactive", SdpDirection.Inactive)]
    [TestCase("c=IN IP4 0.0.0.0", SdpDirection.RecvOnly)]
    [TestCase("c=IN IP6 ::", SdpDirection.RecvOnly)]
    [TestCase("a=x", SdpDirection.SendRecv)]
    public void TakeAnswer_Direction(string line, SdpDirection expected)
    {
        var negotiated = Accept("m=audio 4000 RTP/AVP 0", line);
        Assert.That((negotiated.Direction, negotiated.IsOnHold), Is.EqualTo((expected, expected != SdpDirection.SendRecv)));
    }

    [TestCase("m=audio 0 RTP/AVP 0", NegotiationFailure.NoAudio)]
    [TestCase("m=audio 4000 RTP/AVP 18", NegotiationFailure.NoCommonCodec)]
    [TestCase("m=audio 4000 RTP/SAVP 0", NegotiationFailure.UnsupportedProfile)]
    [TestCase("m=audio 53 RTP/AVP 0", NegotiationFailure.BadAddress)]
    [TestCase("m=video 4000 RTP/AVP 0", NegotiationFailure.BadAnswer)]
    [TestCase("a=x", NegotiationFailure.BadAnswer)]
    public void TakeAnswer_Nothing_SaysWhy(string line, NegotiationFailure expected) =>
        Assert.That(FailureOf(SdpSamples.Wish, line), Is.EqualTo(expected));

    [Test]
    public void TakeAnswer_MoreStreamsThanOffered_IsABadAnswer() =>
        Assert.That(FailureOf(SdpSamples.Wish, "m=audio 4000 RTP/AVP 0", "m=video 0 RTP/AVP 34"), Is.EqualTo(NegotiationFailure.BadAnswer));

    [Test]
    public void TakeAnswer_CodecThatWasNotOffered_IsNotTaken() =>
        Assert.That(
            FailureOf(SdpSamples.Wish with { Formats = [SdpSamples.Opus] }, "m=audio 4000 RTP/AVP 9"),
            Is.EqualTo(NegotiationFailure.NoCommonCodec));

    [Test]
    public void TakeAnswer_RtcpMuxThatWasNotOffered_IsNotTaken() =>
        Assert.That(Accept("m=audio 4000 RTP/AVP 0", "a=rtcp-mux").RemoteRtcp!.Port, Is.EqualTo(4001));

    [Test]
    public void TakeAnswer_PortZeroToAReOffer_EndsTheStream()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVP 0"));
        SdpSamples.OfferOf(negotiation);

        Assert.That(negotiation.TakeAnswer(SdpSamples.Offer("m=audio 0 RTP/AVP 0")), Is.EqualTo(NegotiationFailure.None));
        Assert.That(negotiation.Current!.IsOff, Is.True);
    }
}
