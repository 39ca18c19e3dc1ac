using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

/// <summary>
/// How much audio we send in a packet: what the other side asks for, in the bounds of its maxptime, the codec, and 10 to 60 ms.
/// </summary>
[TestFixture]
[Property("rfc", "8866 §6.3, §6.4, 3551 §4.2")]
public class PacketTimeTests
{
    [TestCase("", 20)]
    [TestCase("a=ptime:10", 10)]
    [TestCase("a=ptime:30", 30)]
    [TestCase("a=ptime:40", 40)]
    [TestCase("a=ptime:50", 50)]
    [TestCase("a=ptime:60", 60)]
    [TestCase("a=ptime:5", 10)]
    [TestCase("a=ptime:25", 20)]
    [TestCase("a=ptime:200", 60)]
    [TestCase("a=ptime:0", 20)]
    [TestCase("a=ptime:nonsense", 20)]
    [TestCase("a=ptime:30.0", 30)]
    [TestCase("a=maxptime:10", 10)]
    [TestCase("a=maxptime:15", 10)]
    [TestCase("a=maxptime:5", 10)]
    [TestCase("a=maxptime:150", 20)]
    [TestCase("a=maxptime:30|a=ptime:60", 30)]
    [TestCase("a=ptime:10|a=maxptime:60", 10)]
    public void Answer(string lines, int expected)
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer(["m=audio 4000 RTP/AVP 8", .. lines.Split('|')]));

        Assert.That(negotiated.PacketTime, Is.EqualTo(expected));
        Assert.That(answer.Audio!.PacketTime, Is.EqualTo(expected), "most phones send as they are sent to");
    }

    [Test]
    public void CodecThatCanNot_SaysWhatItDoes()
    {
        var asked = new List<(NegotiatedFormat, int)>();
        var (answer, negotiated) = SdpSamples.Answer(
            SdpSamples.Offer("m=audio 4000 RTP/AVP 111", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10", "a=ptime:30"),
            SdpSamples.Wish with
            {
                PacketTimeOf = (format, time) =>
                {
                    asked.Add((format, time));
                    return 20;
                },
            });

        Assert.That((negotiated.PacketTime, answer.Audio!.PacketTime), Is.EqualTo((20, (int?)20)));
        Assert.That(asked, Is.EqualTo(new[] { (new NegotiatedFormat(111, SdpSamples.Opus, "minptime=10"), 30) }));
    }

    [TestCase("a=ptime:30", 30)]
    [TestCase("a=maxptime:10", 10)]
    [TestCase("a=x", 20)]
    public void TakeAnswer(string line, int expected)
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.OfferOf(negotiation);
        negotiation.TakeAnswer(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", line));

        Assert.That(negotiation.Current!.PacketTime, Is.EqualTo(expected));
    }

    [Test]
    public void Writer_WritesWhatTheReaderReads()
    {
        var description = SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "a=ptime:40", "a=maxptime:60");
        var again = SdpSamples.Parse(SdpWriter.ToBytes(description)).Audio!;

        Assert.That((again.PacketTime, again.MaxPacketTime), Is.EqualTo(((int?)40, (int?)60)));
    }
}
