using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

/// <summary>How much audio we send in a packet: what the other side asks for, in the bounds of its maxptime, the codec, and 10 to 60 ms.</summary>
[TestFixture]
[Property("rfc", "8866 §6.3, §6.4, 3551 §4.2")]
public class PacketTimeTests
{
    [TestCase("8", "", 20)]
    [TestCase("8", "a=ptime:10", 10)]
    [TestCase("8", "a=ptime:30", 30)]
    [TestCase("8", "a=ptime:40", 40)]
    [TestCase("8", "a=ptime:50", 50)]
    [TestCase("8", "a=ptime:60", 60)]
    [TestCase("8", "a=ptime:5", 10)]
    [TestCase("8", "a=ptime:25", 20)]
    [TestCase("8", "a=ptime:200", 60)]
    [TestCase("8", "a=ptime:0", 20)]
    [TestCase("8", "a=ptime:nonsense", 20)]
    [TestCase("8", "a=ptime:30.0", 30)]
    [TestCase("8", "a=maxptime:10", 10)]
    [TestCase("8", "a=maxptime:15", 10)]
    [TestCase("8", "a=maxptime:5", 10)]
    [TestCase("8", "a=maxptime:150", 20)]
    [TestCase("8", "a=maxptime:30|a=ptime:60", 30)]
    [TestCase("8", "a=ptime:10|a=maxptime:60", 10)]
    [TestCase("111", "a=ptime:60", 60)]
    [TestCase("111", "a=ptime:30", 20)]
    [TestCase("111", "a=ptime:50", 40)]
    [TestCase("111", "a=ptime:120", 60)]
    [TestCase("111", "a=ptime:3", 10)]
    [TestCase("111", "a=maxptime:59|a=ptime:60", 40)]
    [TestCase("112", "a=ptime:60", 40)]
    [TestCase("113", "a=ptime:20", 10)]
    public void Answer(string type, string lines, int expected)
    {
        var l16 = new AudioFormat("L16", 16000, 1, -1, null);
        var wide = new AudioFormat("L16", 44100, 1, -1, null);
        var (answer, negotiated) = SdpSamples.Answer(
            SdpSamples.Offer([$"m=audio 4000 RTP/AVP {type}", "a=rtpmap:111 opus/48000/2", "a=rtpmap:112 L16/16000", "a=rtpmap:113 L16/44100", .. lines.Split('|')]),
            SdpSamples.Wish with { Formats = [SdpSamples.Opus, SdpSamples.Pcma, l16, wide] });

        Assert.That(negotiated.PacketTime, Is.EqualTo(expected));
        Assert.That(answer.Audio!.PacketTime, Is.EqualTo(expected), "most phones send as they are sent to");
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
