using System.Net;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "3264 §6.1, §8.4")]
public class HoldTests
{
    private static readonly SdpDirection[] All = [
        SdpDirection.SendRecv, SdpDirection.SendOnly, SdpDirection.RecvOnly, SdpDirection.Inactive];

    // RFC 3264 §6.1, table of answers: what they send we may receive, what they receive we may send.
    [Test]
    public void TryAnswer_EveryDirection_AtEitherLevel(
        [ValueSource(nameof(All))] SdpDirection offered, [ValueSource(nameof(All))] SdpDirection wanted, [Values] bool atSession)
    {
        var attribute = "a=" + offered.ToAttribute();
        var offer = atSession ? SdpSamples.Offer(attribute, "m=audio 4000 RTP/AVP 0")
            : SdpSamples.Offer("m=audio 4000 RTP/AVP 0", attribute);
        var (answer, negotiated) = SdpSamples.Answer(offer, SdpSamples.Wish with { Direction = wanted });
        var sends = offered is SdpDirection.SendRecv or SdpDirection.RecvOnly && wanted is SdpDirection.SendRecv or SdpDirection.SendOnly;
        var receives = offered is SdpDirection.SendRecv or SdpDirection.SendOnly
            && wanted is SdpDirection.SendRecv or SdpDirection.RecvOnly;
        var expected = (sends, receives) switch
        {
            (true, true) => "sendrecv",
            (true, false) => "sendonly",
            (false, true) => "recvonly",
            _ => "inactive",
        };

        Assert.That(answer.Audio!.Direction!.Value.ToAttribute(), Is.EqualTo(expected));
        Assert.That(negotiated.Direction.ToAttribute(), Is.EqualTo(expected));
        Assert.That(answer.Audio.Port, Is.Not.Zero, "a held stream is not a refused one");
        Assert.That(negotiated.IsOnHold, Is.EqualTo(expected != "sendrecv"));
    }

    [Test]
    public void TryAnswer_AddressNone_NothingIsSent(
        [Values("IP4 0.0.0.0", "IP6 ::", "IP6 0:0:0:0:0:0:0:0", "IP6 ::ffff:0.0.0.0", "IP6 any.invalid", "IP6 invalid.", "IP4 x.INVALID")]
        string address,
        [Values("sendrecv", "sendonly", "recvonly", "inactive", "x")] string attribute)
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer("m=audio 9 RTP/AVP 0", "c=IN " + address, "a=" + attribute));
        var expected = attribute is "recvonly" or "inactive" ? "inactive" : "recvonly";

        Assert.That(answer.Audio!.Direction!.Value.ToAttribute(), Is.EqualTo(expected));
        Assert.That(negotiated.IsOnHold, Is.True);
        Assert.That(
            (negotiated.Remote, negotiated.RemoteName, negotiated.RemoteRtcp),
            Is.EqualTo(((IPEndPoint?)null, (DnsEndPoint?)null, (IPEndPoint?)null)));
        Assert.That(answer.AddressOf(answer.Audio), Does.EndWith("203.0.113.1"));
    }

    [Test]
    public void TryAnswer_AddressZeroOfTheSessionButNotOfTheMedia_IsNoHold()
    {
        var offer = SdpSamples.Parse(
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n");
        var (_, negotiated) = SdpSamples.Answer(offer);

        Assert.That(negotiated.Direction, Is.EqualTo(SdpDirection.SendRecv));
        Assert.That(negotiated.Remote!.ToString(), Is.EqualTo("192.0.2.1:4000"));
    }

    [Test]
    public void TryAnswer_DirectionOfTheMedia_WinsOverTheSession() =>
        Assert.That(SdpSamples.Answer(SdpSamples.Offer("a=inactive", "m=audio 4000 RTP/AVP 0", "a=sendrecv")).Negotiated.Direction,
            Is.EqualTo(SdpDirection.SendRecv));

    // RFC 3264 §8.2: a stream ends by port 0. Who has nothing else in mind holds; who wants a fax instead hears that there is none.
    [Test]
    public void ReOffer_WithPortZero_EndsTheStream_UntilTheNextOffer()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVP 0"));
        var off = SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 0 RTP/AVP 0"));

        Assert.That(off.Media.Single().Port, Is.Zero);
        Assert.That(
            (negotiation.Current!.IsOff, negotiation.Current.IsOnHold, negotiation.Current.Direction),
            Is.EqualTo((true, true, SdpDirection.Inactive)));
        Assert.That(SdpSamples.OfferOf(negotiation).Media.Single().Port, Is.EqualTo(20000), "ours asks for it again, in its place");
        negotiation.RollBack();
        var again = SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVP 0"));
        Assert.That(again.Audio!.Port, Is.EqualTo(20000));
        Assert.That((negotiation.Current.IsOff, negotiation.Current.Direction), Is.EqualTo((false, SdpDirection.SendRecv)));
    }

    [Test]
    public void ReOffer_OfFaxInsteadOfAudio_IsRefused_AndNothingChanges()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVP 0"));
        var before = negotiation.Current;

        Assert.That(
            negotiation.TakeOffer(SdpSamples.Offer("m=audio 0 RTP/AVP 0", "m=image 4000 udptl t38")),
            Is.EqualTo(NegotiationFailure.NoAudio));
        Assert.That(negotiation.Current, Is.SameAs(before));
    }
}
