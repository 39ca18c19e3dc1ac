using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "8866")]
public class SdpParserTests
{
    [TestCaseSource(typeof(SdpSamples), nameof(SdpSamples.Names))]
    public void TryParse_Sample_IsRead(string name)
    {
        var description = SdpSamples.Load(name);

        Assert.That(description.Audio, Is.Not.Null);
        Assert.That(description.Audio!.Formats, Has.Count.EqualTo(description.Audio.FormatTokens.Count));
        Assert.That(description.Origin.AddressType, Is.EqualTo("IP4").Or.EqualTo("IP6"));
    }

    [Test]
    public void TryParse_Baresip_EveryMember()
    {
        var description = SdpSamples.Load("baresip-1.0.0.sdp");
        var audio = description.Audio!;

        Assert.That(description.Origin, Is.EqualTo(new SdpOrigin("-", "283596027", "1697856826", "IP4", "192.0.2.2")));
        Assert.That(description.Attributes, Is.EqualTo(new[] { new SdpAttribute("tool", "baresip 1.0.0") }));
        Assert.That((audio.Type, audio.Port, audio.Protocol, audio.PacketTime, audio.Direction),
            Is.EqualTo(("audio", 19318, "RTP/AVP", 20, SdpDirection.SendRecv)));
        Assert.That(description.AddressOf(audio), Is.EqualTo("192.0.2.2"));
        Assert.That(audio.Formats, Is.EqualTo(new[]
        {
            new SdpFormat(96, "opus", 48000, 2, "stereo=1;sprop-stereo=1"),
            new SdpFormat(8, "PCMA", 8000, 1, null),
            new SdpFormat(0, "PCMU", 8000, 1, null),
            new SdpFormat(101, "telephone-event", 8000, 1, "0-15"),
        }));
        Assert.That(audio.Attributes.Select(a => a.Name), Is.EqualTo(new[] { "label", "rtcp-rsize", "ssrc", "minptime" }));
    }

    [Test]
    public void TryParse_Pjmedia_ConnectionOfTheMediaAndRtcpPort()
    {
        var description = SdpSamples.Load("pjmedia.sdp");

        Assert.That(description.Connection, Is.Null);
        Assert.That(description.AddressOf(description.Audio!), Is.EqualTo("203.0.113.17"));
        Assert.That(description.Audio!.RtcpPort, Is.EqualTo(40043));
    }

    [Test]
    [Property("rfc", "4733")]
    public void TryParse_Linphone_TelephoneEventOfEachRate() =>
        Assert.That(
            SdpSamples.Load("linphone.sdp").Audio!.Formats.Where(f => f.IsTelephoneEvent).Select(f => (f.PayloadType, f.ClockRate)),
            Is.EqualTo(new[] { (101, 48000), (99, 16000), (100, 8000) }));

    [Test]
    [Property("rfc", "3551 §6")]
    public void TryParse_StaticTypesWithoutRtpmap_AreKnown()
    {
        var formats = SdpSamples.Load("deskphone-ipv6.sdp").Audio!.Formats;

        Assert.That(formats.Select(f => $"{f.Name}/{f.ClockRate}"),
            Is.EqualTo(new[] { "PCMU/8000", "PCMA/8000", "G722/8000", "G729/8000", "telephone-event/8000" }));
        Assert.That(formats[3].Parameters, Is.EqualTo("annexb=no"));
    }

    [Test]
    public void TryParse_RtpmapOfAStaticType_WinsOverTheTable() =>
        Assert.That(SdpSamples.Offer("m=audio 4000 RTP/AVP 3", "a=rtpmap:3 iLBC/8000").Audio!.Formats[0].Name, Is.EqualTo("iLBC"));

    [Test]
    public void TryParse_DynamicTypeWithoutRtpmap_HasNoName() =>
        Assert.That(SdpSamples.Offer("m=audio 4000 RTP/AVP 97").Audio!.Formats[0], Is.EqualTo(new SdpFormat(97, "", 0, 1, null)));

    [TestCase("a=rtpmap:97 /8000")]
    [TestCase("a=rtpmap:97 x")]
    [TestCase("a=rtpmap:97 x/")]
    [TestCase("a=rtpmap:97 x/8000/0")]
    [TestCase("a=rtpmap:97 x/8000/1/1")]
    [TestCase("a=rtpmap:97 x/-8000")]
    [TestCase("a=rtpmap:97 x/99999999999")]
    [TestCase("a=rtpmap:97x/8000")]
    [TestCase("a=rtpmap:225 x/8000")]
    [TestCase("a=rtpmap")]
    public void TryParse_BrokenRtpmap_IsAsIfNotThere(string line) =>
        Assert.That(SdpSamples.Offer("m=audio 4000 RTP/AVP 97", line).Audio!.Formats[0].Name, Is.Empty);

    [Test]
    public void TryParse_FormatsTwice_AreOneFormat()
    {
        var audio = SdpSamples.Offer("m=audio 4000 RTP/AVP 0 0 8 0 128 4294967296 x").Audio!;

        Assert.That(audio.Formats.Select(f => f.PayloadType), Is.EqualTo(new[] { 0, 8 }));
        Assert.That(audio.FormatTokens, Has.Count.EqualTo(7));
    }

    [TestCase("\n")]
    [TestCase("\r")]
    [TestCase("\r\n\r\n")]
    [TestCase(" \t\r\n")]
    public void TryParse_OtherLineEnds_ReadTheSame(string end)
    {
        var text = System.Text.Encoding.UTF8.GetString(SdpSamples.Bytes("baresip-1.0.0.sdp"));

        Assert.That(SdpWriter.ToBytes(SdpSamples.Parse(text.Replace("\r\n", end, StringComparison.Ordinal))),
            Is.EqualTo(SdpWriter.ToBytes(SdpSamples.Parse(text))));
    }

    [Test]
    public void TryParse_NoFinalLineEnd_LastLineCounts() =>
        Assert.That(SdpSamples.Load("lf-only-no-final-lf.sdp").Audio!.Direction, Is.EqualTo(SdpDirection.SendRecv));

    // Line ends are CR and LF: these are text.
    [TestCase("\u2028")]
    [TestCase("\u2029")]
    [TestCase("\u0085")]
    [TestCase("\f")]
    [TestCase("\v")]
    public void TryParse_UnicodeSeparatorInAName_IsText(string separator) =>
        Assert.That(SdpSamples.Parse($"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=a{separator}b\r\n").SessionName, Is.EqualTo($"a{separator}b"));

    [Test]
    public void TryParse_LinesWithoutMeaningToUs_AreSkipped() =>
        Assert.That(
            SdpSamples.Offer("i=", "b=", "b=AS:99999999999999999999", "r=x", "z=", "k=clear:x", "y=?", "m=audio 4000 RTP/AVP 0",
            "b=TIAS:1", "i=x").Audio, Is.Not.Null);

    [TestCase("20", 20)]
    [TestCase("20.5", 20)]
    [TestCase("0", null)]
    [TestCase("1001", null)]
    [TestCase("-20", null)]
    [TestCase("NaN", null)]
    [TestCase("x", null)]
    public void TryParse_Ptime(string value, int? expected) =>
        Assert.That(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "a=ptime:" + value).Audio!.PacketTime, Is.EqualTo(expected));
}
