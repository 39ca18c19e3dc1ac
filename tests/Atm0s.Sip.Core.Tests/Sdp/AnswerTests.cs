using System.Net;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "3264 §6")]
public class AnswerTests
{
    [TestCase("baresip-1.0.0.sdp", "opus", 96, null, "192.0.2.2:19318", "192.0.2.2:19319", 20)]
    [TestCase("pjmedia.sdp", "opus", 96, null, "203.0.113.17:40042", "203.0.113.17:40043", 20)]
    [TestCase("linphone.sdp", "opus", 96, 101, "198.51.100.7:7078", "198.51.100.7:7079", 20)]
    [TestCase("sipp-uac.sdp", "PCMU", 0, null, "127.0.0.1:6000", "127.0.0.1:6001", 20)]
    [TestCase("deskphone-ipv6.sdp", "PCMA", 8, 101, "[2001:db8::17]:11790", "[2001:db8::17]:11791", 30)]
    [TestCase("gateway-avpf.sdp", "opus", 111, 110, "198.51.100.9:40000", "198.51.100.9:40000", 20)]
    [TestCase("lf-only-no-final-lf.sdp", "PCMA", 8, 101, "192.0.2.9:18000", "192.0.2.9:18001", 20)]
    [TestCase("fax-first.sdp", "PCMA", 8, null, "192.0.2.78:30006", "192.0.2.78:30007", 20)]
    public void TryAnswer_Sample(string name, string codec, int payloadType, int? events, string remote, string rtcp, int packetTime)
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Load(name));

        Assert.That(negotiated.Format.Name, Is.EqualTo(codec));
        Assert.That((negotiated.SendPayloadType, negotiated.ReceivePayloadType), Is.EqualTo((payloadType, payloadType)));
        Assert.That((negotiated.SendEventPayloadType, negotiated.ReceiveEventPayloadType), Is.EqualTo((events, events)));
        Assert.That(negotiated.Remote, Is.EqualTo(IPEndPoint.Parse(remote)));
        Assert.That(negotiated.RemoteRtcp, Is.EqualTo(IPEndPoint.Parse(rtcp)));
        Assert.That(negotiated.PacketTime, Is.EqualTo(packetTime));
        Assert.That(answer.Audio!.Formats[0].PayloadType, Is.EqualTo(payloadType));
        Assert.That(answer.AddressOf(answer.Audio), Is.EqualTo("203.0.113.1"));
        Assert.That(answer.Audio.Port, Is.EqualTo(20000));
    }

    [Test]
    public void TryAnswer_OtherStreams_AreRefusedInPlace()
    {
        var (answer, _) = SdpSamples.Answer(SdpSamples.Load("fax-first.sdp"));

        Assert.That(answer.Media.Select(m => $"{m.Type} {m.Port} {m.Protocol} {m.FormatTokens[0]}"), Is.EqualTo(new[]
        {
            "image 0 udptl t38", "video 0 RTP/AVP 34", "application 0 TCP/BFCP *", "audio 20000 RTP/AVP 8", "audio 0 RTP/AVP 0", "x-new 0 RTP/AVP 0",
        }));
    }

    [TestCase("opus,PCMA,PCMU", "opus")]
    [TestCase("PCMU,PCMA,opus", "PCMU")]
    [TestCase("G722,PCMA", "PCMA")]
    public void TryAnswer_OurOrderDecides(string order, string expected)
    {
        AudioFormat[] known = [SdpSamples.Opus, SdpSamples.Pcma, SdpSamples.Pcmu, SdpSamples.G722];
        var session = SdpSamples.Session with { Formats = [.. order.Split(',').Select(n => known.Single(f => f.Name == n))] };

        Assert.That(SdpSamples.Answer(SdpSamples.Load("baresip-1.0.0.sdp"), session).Negotiated.Format.Name, Is.EqualTo(expected));
    }

    [Test]
    public void TryAnswer_UnusualPayloadTypes_AreKept()
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer(
            "m=audio 4000 RTP/AVP 101 96 127", "a=rtpmap:101 OPUS/48000/2", "a=rtpmap:96 TELEPHONE-EVENT/48000", "a=rtpmap:127 telephone-event/8000"));

        Assert.That((negotiated.SendPayloadType, negotiated.SendEventPayloadType), Is.EqualTo((101, (int?)96)));
        Assert.That(answer.Audio!.FormatTokens, Is.EqualTo(new[] { "101", "96" }));
        Assert.That(answer.Audio.Formats[0].Parameters, Is.EqualTo("useinbandfec=1"));
    }

    [Test]
    public void TryAnswer_OpusWithOneChannel_IsNotOpus() =>
        Assert.That(SdpSamples.FailureOf(SdpSamples.Offer("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/48000")), Is.EqualTo(NegotiationFailure.NoCommonCodec));

    [TestCase("m=audio 4000 RTP/AVP 18", NegotiationFailure.NoCommonCodec)]
    [TestCase("m=audio 4000 RTP/AVP 101", NegotiationFailure.NoCommonCodec)]
    [TestCase("m=audio 0 RTP/AVP 0", NegotiationFailure.NoAudio)]
    [TestCase("m=video 4000 RTP/AVP 34", NegotiationFailure.NoAudio)]
    [TestCase("a=x", NegotiationFailure.NoAudio)]
    [TestCase("m=audio 4000 RTP/SAVP 0", NegotiationFailure.UnsupportedProfile)]
    [TestCase("m=audio 1023 RTP/AVP 0", NegotiationFailure.BadAddress)]
    public void TryAnswer_Nothing_SaysWhy(string line, NegotiationFailure expected) =>
        Assert.That(SdpSamples.FailureOf(SdpSamples.Offer(line, "a=rtpmap:101 telephone-event/8000")), Is.EqualTo(expected));

    [Test]
    public void TryAnswer_Browser_IsUnsupportedProfile() =>
        Assert.That(SdpSamples.FailureOf(SdpSamples.Load("browser-webrtc.sdp")), Is.EqualTo(NegotiationFailure.UnsupportedProfile));

    // Media never goes to a group, to everybody, or to a port of the system (threats P7).
    [TestCase("IN IP4 224.2.1.1/127")]
    [TestCase("IN IP4 239.255.255.255")]
    [TestCase("IN IP4 255.255.255.255")]
    [TestCase("IN IP6 ff02::1")]
    [TestCase("IN IP6 ::ffff:224.2.1.1")]
    [TestCase("IN IP6 ::ffff:255.255.255.255")]
    public void TryAnswer_GroupAddress_IsRefused(string connection) =>
        Assert.That(SdpSamples.FailureOf(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "c=" + connection)), Is.EqualTo(NegotiationFailure.BadAddress));

    [Test]
    public void TryAnswer_NoConnectionAtAll_IsRefused() =>
        Assert.That(SdpSamples.FailureOf(SdpSamples.Parse("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 4000 RTP/AVP 0\r\n")), Is.EqualTo(NegotiationFailure.BadAddress));

    [Test]
    public void TryAnswer_RtcpToAPortOfTheSystem_HasNoRtcp() =>
        Assert.That(SdpSamples.Answer(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "a=rtcp:53")).Negotiated.RemoteRtcp, Is.Null);

    [Test]
    public void TryAnswer_NameInPlaceOfAnAddress_HasNoRemote() =>
        Assert.That(SdpSamples.Answer(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "c=IN IP4 phone.example.org")).Negotiated.Remote, Is.Null);

    [Test]
    public void TryAnswer_SecondAudioFits_FirstIsRefused()
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer("m=audio 4000 RTP/SAVP 0", "m=audio 4002 RTP/AVP 0"));

        Assert.That(answer.Media.Select(m => m.Port), Is.EqualTo(new[] { 0, 20000 }));
        Assert.That(negotiated.Remote!.Port, Is.EqualTo(4002));
    }
}
