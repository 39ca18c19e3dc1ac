using System.Net;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "3264 §5, §8")]
public class OfferTests
{
    [Test]
    public void CreateOffer_ManyDynamicCodecs_EveryPayloadTypeOnce()
    {
        var formats = Enumerable.Range(0, 10).Select(i => new AudioFormat($"codec{i}", i < 5 ? 8000 : 16000, 1, -1, null)).ToArray();
        var offered = OfferAnswer.CreateOffer(SdpSamples.Session with { Formats = formats }).Audio!.Formats;

        Assert.That(offered, Has.Count.EqualTo(12));
        Assert.That(offered.Select(f => f.PayloadType), Is.Unique.And.All.InRange(96, 127));
        Assert.That(offered.Single(f => f.IsTelephoneEvent && f.ClockRate == 8000).PayloadType, Is.EqualTo(101));
    }

    [Test]
    public void CreateOffer_ChangedSession_SameIdNextVersion()
    {
        var first = OfferAnswer.CreateOffer(SdpSamples.Session);
        var held = OfferAnswer.CreateOffer(SdpSamples.Session with { SessionVersion = 2, Direction = SdpDirection.SendOnly });

        Assert.That(held.Origin, Is.EqualTo(first.Origin with { SessionVersion = "2" }));
        Assert.That(held.Audio!.Direction, Is.EqualTo(SdpDirection.SendOnly));
        // RFC 3264 §8.3.2: a payload type keeps its codec.
        Assert.That(held.Audio.Formats, Is.EqualTo(first.Audio!.Formats));
    }

    [Test]
    public void CreateOffer_IPv6_SaysIp6()
    {
        var offer = SdpSamples.Parse(SdpWriter.ToBytes(OfferAnswer.CreateOffer(SdpSamples.Session with { Address = IPAddress.Parse("2001:db8::1") })));

        Assert.That(offer.Origin.AddressType, Is.EqualTo("IP6"));
        Assert.That(offer.AddressOf(offer.Audio!), Is.EqualTo("2001:db8::1"));
    }
}
