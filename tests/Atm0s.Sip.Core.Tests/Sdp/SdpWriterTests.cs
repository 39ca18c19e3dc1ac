using System.Text;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "8866 §5")]
public class SdpWriterTests
{
    [TestCaseSource(typeof(SdpSamples), nameof(SdpSamples.Names))]
    public void ToBytes_OfASample_ReadsTheSame(string name)
    {
        var description = SdpSamples.Load(name);
        var again = SdpSamples.Parse(SdpWriter.ToBytes(description));

        Assert.That(again.Origin, Is.EqualTo(description.Origin));
        Assert.That(again.SessionName, Is.EqualTo(description.SessionName));
        Assert.That((again.Connection, again.Direction), Is.EqualTo((description.Connection, description.Direction)));
        Assert.That(again.Attributes, Is.EqualTo(description.Attributes));
        Assert.That(again.Media, Has.Count.EqualTo(description.Media.Count));
        for (var i = 0; i < again.Media.Count; i++)
        {
            var (left, right) = (again.Media[i], description.Media[i]);
            Assert.That(left.Formats, Is.EqualTo(right.Formats));
            Assert.That(left.FormatTokens, Is.EqualTo(right.FormatTokens));
            Assert.That(left.Attributes, Is.EqualTo(right.Attributes));
            Assert.That(
                (
                    left.Type,
                    left.Port,
                    left.Protocol,
                    left.Connection,
                    left.AddressType,
                    left.Direction,
                    left.PacketTime,
                    left.MaxPacketTime,
                    left.RtcpPort,
                    left.RtcpMux),
                Is.EqualTo(
                    (right.Type, right.Port, right.Protocol, right.Connection, right.AddressType, right.Direction, right.PacketTime,
                    right.MaxPacketTime, right.RtcpPort, right.RtcpMux)));
        }
    }

    private static object Plain(MediaDescription media) => (
        (media.Type, media.Port, media.Protocol), (media.Connection, media.AddressType), media.Direction,
        (media.PacketTime, media.MaxPacketTime), (media.RtcpPort, media.RtcpMux));

    [Test]
    public void ToBytes_Offer_ByteForByte()
    {
        var offer = SdpSamples.Negotiation().Offer(SdpSamples.Local.Address, SdpSamples.Local.Port);
        Assert.That(Encoding.UTF8.GetString(offer), Is.EqualTo(string.Join("\r\n",
        [
            "v=0",
            "o=- 42 1 IN IP4 203.0.113.1",
            "s=-",
            "c=IN IP4 203.0.113.1",
            "t=0 0",
            "m=audio 20000 RTP/AVP 96 8 0 97 101",
            "a=rtpmap:96 opus/48000/2",
            "a=fmtp:96 useinbandfec=1",
            "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:97 telephone-event/48000",
            "a=fmtp:97 0-16",
            "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-16",
            "a=ptime:20",
            "a=sendrecv",
            "",
        ])));
    }

    [TestCase("a\r\nm=audio 1 RTP/AVP 0")]
    [TestCase("a\nb")]
    [TestCase("a\0b")]
    public void ToBytes_LineEndInAValue_Throws(string value) =>
        Assert.That(
            () => SdpWriter.ToBytes(SdpSamples.OfferOf(SdpSamples.Negotiation()) with { SessionName = value }), Throws.ArgumentException);
}
