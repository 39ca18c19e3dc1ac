using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "3264 §6.1, §8.4")]
public class HoldTests
{
    private static readonly SdpDirection[] All = [SdpDirection.SendRecv, SdpDirection.SendOnly, SdpDirection.RecvOnly, SdpDirection.Inactive];

    // RFC 3264 §6.1, table of answers: what they send we may receive, what they receive we may send.
    [Test]
    public void TryAnswer_EveryDirection_AtEitherLevel([ValueSource(nameof(All))] SdpDirection offered, [ValueSource(nameof(All))] SdpDirection wanted, [Values] bool atSession)
    {
        var attribute = "a=" + offered.ToAttribute();
        var offer = atSession ? SdpSamples.Offer(attribute, "m=audio 4000 RTP/AVP 0") : SdpSamples.Offer("m=audio 4000 RTP/AVP 0", attribute);
        var (answer, negotiated) = SdpSamples.Answer(offer, SdpSamples.Session with { Direction = wanted });
        var sends = offered is SdpDirection.SendRecv or SdpDirection.RecvOnly && wanted is SdpDirection.SendRecv or SdpDirection.SendOnly;
        var receives = offered is SdpDirection.SendRecv or SdpDirection.SendOnly && wanted is SdpDirection.SendRecv or SdpDirection.RecvOnly;
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
    }

    [TestCase("a=sendrecv", "recvonly")]
    [TestCase("a=sendonly", "recvonly")]
    [TestCase("a=recvonly", "inactive")]
    [TestCase("a=inactive", "inactive")]
    [TestCase("a=x", "recvonly")]
    public void TryAnswer_AddressZero_NothingIsSent(string attribute, string expected)
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "c=IN IP4 0.0.0.0", attribute));

        Assert.That(answer.Audio!.Direction!.Value.ToAttribute(), Is.EqualTo(expected));
        Assert.That(negotiated.Remote, Is.Null);
        Assert.That(negotiated.RemoteRtcp, Is.Null);
        Assert.That(answer.AddressOf(answer.Audio), Is.EqualTo("203.0.113.1"));
    }

    [Test]
    public void TryAnswer_AddressZeroOfTheSessionButNotOfTheMedia_IsNoHold()
    {
        var offer = SdpSamples.Parse("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n");
        var (_, negotiated) = SdpSamples.Answer(offer);

        Assert.That(negotiated.Direction, Is.EqualTo(SdpDirection.SendRecv));
        Assert.That(negotiated.Remote!.ToString(), Is.EqualTo("192.0.2.1:4000"));
    }

    [Test]
    public void TryAnswer_DirectionOfTheMedia_WinsOverTheSession() =>
        Assert.That(SdpSamples.Answer(SdpSamples.Offer("a=inactive", "m=audio 4000 RTP/AVP 0", "a=sendrecv")).Negotiated.Direction, Is.EqualTo(SdpDirection.SendRecv));
}
