using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "3264 §6, §7")]
public class AcceptAnswerTests
{
    private static readonly SessionDescription Ours = OfferAnswer.CreateOffer(SdpSamples.Session);

    private static NegotiatedAudio Accept(params string[] lines)
    {
        Assert.That(OfferAnswer.TryAcceptAnswer(Ours, SdpSamples.Offer(lines), SdpSamples.Session, out var negotiated, out var failure), Is.True, failure.ToString());
        return negotiated!;
    }

    private static NegotiationFailure FailureOf(AudioSession session, params string[] lines)
    {
        Assert.That(OfferAnswer.TryAcceptAnswer(Ours, SdpSamples.Offer(lines), session, out var negotiated, out var failure), Is.False);
        Assert.That(negotiated, Is.Null);
        return failure;
    }

    [Test]
    public void TryAcceptAnswer_OtherPayloadTypes_SendTheirsReceiveOurs()
    {
        var negotiated = Accept("m=audio 4000 RTP/AVP 120 110 0", "a=rtpmap:120 opus/48000/2", "a=rtpmap:110 telephone-event/48000", "a=ptime:40");

        Assert.That(negotiated.Format, Is.EqualTo(SdpSamples.Opus));
        Assert.That((negotiated.SendPayloadType, negotiated.ReceivePayloadType), Is.EqualTo((120, 96)));
        Assert.That((negotiated.SendEventPayloadType, negotiated.ReceiveEventPayloadType), Is.EqualTo(((int?)110, (int?)97)));
        Assert.That(negotiated.PacketTime, Is.EqualTo(40));
        Assert.That(negotiated.Remote!.ToString(), Is.EqualTo("198.51.100.1:4000"));
    }

    [Test]
    public void TryAcceptAnswer_FirstOfTheAnswerDecides() => Assert.That(Accept("m=audio 4000 RTP/AVP 18 0 8").Format, Is.EqualTo(SdpSamples.Pcmu));

    [Test]
    public void TryAcceptAnswer_OurOwnAnswerer_Agrees()
    {
        var session = SdpSamples.Session with { Formats = [SdpSamples.Pcma], Port = 30000 };
        var (answer, theirs) = SdpSamples.Answer(Ours, session);

        Assert.That(OfferAnswer.TryAcceptAnswer(Ours, answer, SdpSamples.Session, out var ours, out _), Is.True);
        Assert.That((ours!.Format, ours.SendPayloadType, ours.SendEventPayloadType), Is.EqualTo((theirs.Format, theirs.ReceivePayloadType, theirs.ReceiveEventPayloadType)));
    }

    [TestCase("a=sendonly", SdpDirection.RecvOnly)]
    [TestCase("a=recvonly", SdpDirection.SendOnly)]
    [TestCase("a=inactive", SdpDirection.Inactive)]
    [TestCase("c=IN IP4 0.0.0.0", SdpDirection.RecvOnly)]
    [TestCase("a=x", SdpDirection.SendRecv)]
    public void TryAcceptAnswer_Direction(string line, SdpDirection expected) =>
        Assert.That(Accept("m=audio 4000 RTP/AVP 0", line).Direction, Is.EqualTo(expected));

    [TestCase("m=audio 0 RTP/AVP 0", NegotiationFailure.NoAudio)]
    [TestCase("m=audio 4000 RTP/AVP 18", NegotiationFailure.NoCommonCodec)]
    [TestCase("m=audio 4000 RTP/SAVP 0", NegotiationFailure.UnsupportedProfile)]
    [TestCase("m=audio 53 RTP/AVP 0", NegotiationFailure.BadAddress)]
    [TestCase("m=video 4000 RTP/AVP 0", NegotiationFailure.BadAnswer)]
    [TestCase("a=x", NegotiationFailure.BadAnswer)]
    public void TryAcceptAnswer_Nothing_SaysWhy(string line, NegotiationFailure expected) =>
        Assert.That(FailureOf(SdpSamples.Session, line), Is.EqualTo(expected));

    [Test]
    public void TryAcceptAnswer_MoreStreamsThanOffered_IsABadAnswer() =>
        Assert.That(FailureOf(SdpSamples.Session, "m=audio 4000 RTP/AVP 0", "m=video 0 RTP/AVP 34"), Is.EqualTo(NegotiationFailure.BadAnswer));

    [Test]
    public void TryAcceptAnswer_CodecThatWasNotOffered_IsNotTaken() =>
        Assert.That(FailureOf(SdpSamples.Session with { Formats = [SdpSamples.G722] }, "m=audio 4000 RTP/AVP 9"), Is.EqualTo(NegotiationFailure.NoCommonCodec));
}
