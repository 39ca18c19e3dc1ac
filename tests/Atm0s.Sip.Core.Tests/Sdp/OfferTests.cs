using System.Net;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "3264 §5, §8")]
public class OfferTests
{
    private static string[] FormatsOf(AudioWish wish) =>
        [.. SdpSamples.OfferOf(SdpSamples.Negotiation(wish)).Audio!.Formats.Select(f => $"{f.PayloadType} {f.Name}/{f.ClockRate}")];

    [Test]
    public void Offer_NamesEventsForEveryClockRate_AndThoseThatEveryPhoneHas()
    {
        Assert.That(FormatsOf(SdpSamples.Wish), Is.EqualTo(new[]
        {
            "96 opus/48000", "8 PCMA/8000", "0 PCMU/8000", "97 telephone-event/48000", "101 telephone-event/8000",
        }));
        Assert.That(FormatsOf(SdpSamples.Wish with { Formats = [SdpSamples.Opus] }), Is.EqualTo(new[]
        {
            "96 opus/48000", "97 telephone-event/48000", "101 telephone-event/8000",
        }));
    }

    [Test]
    public void Offer_ComfortNoise_WhenItIsWanted([Values] bool wanted) =>
        Assert.That(FormatsOf(SdpSamples.Wish with { OfferComfortNoise = wanted }).Contains("13 CN/8000"), Is.EqualTo(wanted));

    [Test]
    public void Offer_ComfortNoise_NotBesideOpusAlone() =>
        Assert.That(FormatsOf(new AudioWish { Formats = [SdpSamples.Opus], OfferComfortNoise = true }), Has.None.Contain("CN"));

    [Test]
    public void Offer_ManyDynamicCodecs_EveryPayloadTypeOnce()
    {
        var formats = Enumerable.Range(0, 10).Select(i => new AudioFormat($"codec{i}", i < 5 ? 8000 : 16000, 1, -1, null)).ToArray();
        var offered = SdpSamples.OfferOf(SdpSamples.Negotiation(new AudioWish { Formats = formats })).Audio!.Formats;

        Assert.That(offered, Has.Count.EqualTo(12));
        Assert.That(offered.Select(f => f.PayloadType), Is.Unique.And.All.InRange(96, 127));
        Assert.That(offered.Single(f => f.IsTelephoneEvent && f.ClockRate == 8000).PayloadType, Is.EqualTo(101));
    }

    [Test]
    public void Offer_MoreCodecsThanNumbers_GoesOnBelow64_ThenLeavesOut()
    {
        var formats = Enumerable.Range(0, 70).Select(i => new AudioFormat($"codec{i}", 8000, 1, -1, null)).ToArray();
        var offered = SdpSamples.Negotiation(new AudioWish { Formats = formats });
        var types = offered.Offer(IPAddress.Loopback, 4000);

        // The reader's limit of 64 formats is met: 31 + 29 codecs and the events.
        var read = SdpSamples.Parse(types).Audio!.Formats.Select(f => f.PayloadType).ToArray();
        Assert.That(read, Is.Unique.And.Length.EqualTo(61));
        Assert.That(read, Has.All.Matches<int>(t => t is (>= 35 and <= 63) or (>= 96 and <= 127)));
    }

    [Test]
    public void Offer_IPv6_SaysIp6()
    {
        var offer = SdpSamples.Parse(SdpSamples.Negotiation().Offer(IPAddress.Parse("2001:db8::1"), 20000));

        Assert.That(offer.Origin.AddressType, Is.EqualTo("IP6"));
        Assert.That(offer.AddressOf(offer.Audio!), Is.EqualTo("2001:db8::1"));
    }

    [Test]
    public void ReOffer_SaysWhatIsUsed_CodecPacketTimeMuxAndProfile()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVPF 0", "a=ptime:30", "a=rtcp-mux"));
        var offer = SdpSamples.OfferOf(negotiation).Audio!;

        Assert.That(offer.Formats[0].Name, Is.EqualTo("PCMU"), "the codec in use is no reason for a change");
        Assert.That((offer.PacketTime, offer.RtcpMux, offer.Protocol), Is.EqualTo(((int?)30, true, "RTP/AVPF")));
    }

    // RFC 3264 §8: the streams of a session stay where they are.
    [Test]
    public void ReOffer_KeepsTheLineOfEveryStream()
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Load("fax-first.sdp"));

        Assert.That(SdpSamples.OfferOf(negotiation).Media.Select(m => $"{m.Type} {m.Port} {m.Protocol}"), Is.EqualTo(new[]
        {
            "image 0 udptl", "video 0 RTP/AVP", "application 0 TCP/BFCP", "audio 20000 RTP/AVP", "audio 0 RTP/AVP", "x-new 0 RTP/AVP",
        }));
    }
}
