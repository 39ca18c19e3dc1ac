using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "3264-6")]
internal sealed class TimingTests
{
    [TestCase("t=0 0", "0 0")]
    [TestCase("t=2873397496 2873404696", "2873397496 2873404696")]
    [TestCase("t=1 2\r\nt=3 4", "1 2")]
    [TestCase("", "0 0")]
    [TestCase("t=0", "0 0")]
    [TestCase("t=-1 0", "0 0")]
    [TestCase("t=0 0 0", "0 0")]
    [TestCase("t=99999999999999999999999 0", "0 0")]
    public void Answer_HasTheTimingOfTheOffer(string line, string expected)
    {
        var offer = SdpSamples.Parse(
            "v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\n"
            + (line.Length > 0 ? line + "\r\n" : "") + "m=audio 4000 RTP/AVP 8\r\n");
        var (answer, _) = SdpSamples.Answer(offer);

        Assert.That((offer.Timing, answer.Timing), Is.EqualTo((expected, expected)));
    }

    [Test]
    public void Offer_HasNoEnd() => Assert.That(SdpSamples.OfferOf(SdpSamples.Negotiation()).Timing, Is.EqualTo("0 0"));
}
