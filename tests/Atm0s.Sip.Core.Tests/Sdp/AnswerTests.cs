using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

[TestFixture]
[Property("rfc", "3264 §6")]
public class AnswerTests
{
    [TestCase("baresip-1.0.0.sdp", "opus", 96, 101, "192.0.2.2:19318", "192.0.2.2:19319", 20)]
    [TestCase("pjmedia.sdp", "opus", 96, 101, "203.0.113.17:40042", "203.0.113.17:40043", 20)]
    [TestCase("linphone.sdp", "opus", 96, 101, "198.51.100.7:7078", "198.51.100.7:7079", 20)]
    [TestCase("sipp-uac.sdp", "PCMU", 0, null, "127.0.0.1:6000", "127.0.0.1:6001", 20)]
    [TestCase("deskphone-ipv6.sdp", "PCMA", 8, 101, "[2001:db8::17]:11790", "[2001:db8::17]:11791", 30)]
    [TestCase("gateway-avpf.sdp", "opus", 111, 110, "198.51.100.9:40000", "198.51.100.9:40000", 20)]
    [TestCase("lf-only-no-final-lf.sdp", "PCMA", 8, 101, "192.0.2.9:18000", "192.0.2.9:18001", 20)]
    [TestCase("fax-first.sdp", "PCMA", 8, null, "192.0.2.78:30006", "192.0.2.78:30007", 20)]
    public void TryAnswer_Sample(string name, string codec, int payloadType, int? events, string remote, string rtcp, int packetTime)
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Load(name));

        Assert.That(negotiated.Send.Format.Name, Is.EqualTo(codec));
        Assert.That((negotiated.Send.PayloadType, negotiated.Receive.Single().PayloadType), Is.EqualTo((payloadType, payloadType)));
        Assert.That(negotiated.SendEvents?.PayloadType, Is.EqualTo(events));
        Assert.That(negotiated.ReceiveEvents.Select(e => (int?)e.PayloadType).SingleOrDefault(), Is.EqualTo(events));
        Assert.That(negotiated.Remote, Is.EqualTo(IPEndPoint.Parse(remote)));
        Assert.That(negotiated.RemoteRtcp, Is.EqualTo(IPEndPoint.Parse(rtcp)));
        Assert.That((negotiated.PacketTime, answer.Audio!.PacketTime), Is.EqualTo((packetTime, packetTime)));
        Assert.That(answer.Audio.Formats[0].PayloadType, Is.EqualTo(payloadType));
        Assert.That(answer.AddressOf(answer.Audio), Does.EndWith("203.0.113.1"));
        Assert.That(answer.Audio.Port, Is.EqualTo(20000));
    }

    [Test]
    public void TryAnswer_OtherStreams_AreRefusedInPlace()
    {
        var (answer, _) = SdpSamples.Answer(SdpSamples.Load("fax-first.sdp"));

        Assert.That(answer.Media.Select(m => $"{m.Type} {m.Port} {m.Protocol} {m.FormatTokens[0]}"), Is.EqualTo(new[]
        {
            "image 0 udptl t38", "video 0 RTP/AVP 34", "application 0 TCP/BFCP *", "audio 20000 RTP/AVP 8", "audio 0 RTP/AVP 0",
                "x-new 0 RTP/AVP 0",
        }));
    }

    [TestCase("opus,PCMA,PCMU", "opus")]
    [TestCase("PCMU,PCMA,opus", "PCMU")]
    [TestCase("G722,PCMA", "PCMA")]
    public void TryAnswer_OurOrderDecides(string order, string expected)
    {
        AudioFormat[] known = [SdpSamples.Opus, SdpSamples.Pcma, SdpSamples.Pcmu, SdpSamples.G722];
        var wish = SdpSamples.Wish with { Formats = [.. order.Split(',').Select(n => known.Single(f => f.Name == n))] };

        Assert.That(SdpSamples.Answer(SdpSamples.Load("baresip-1.0.0.sdp"), wish).Negotiated.Send.Format.Name, Is.EqualTo(expected));
    }

    [Test]
    public void TryAnswer_UnusualPayloadTypes_AreKept()
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer(
            "m=audio 4000 RTP/AVP 101 96 127", "a=rtpmap:101 OPUS/48000/2", "a=rtpmap:96 TELEPHONE-EVENT/48000",
                "a=rtpmap:127 telephone-event/8000"));

        Assert.That(
            (negotiated.Send.PayloadType, negotiated.SendEvents), Is.EqualTo((101, (NegotiatedEvents?)new NegotiatedEvents(96, 48000))));
        Assert.That(answer.Audio!.FormatTokens, Is.EqualTo(new[] { "101", "96" }));
        Assert.That(answer.Audio.Formats[0].Parameters, Is.EqualTo("useinbandfec=1"));
    }

    [Test]
    public void TryAnswer_OpusWithOneChannel_IsNotOpus() =>
        Assert.That(SdpSamples.FailureOf(SdpSamples.Offer("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/48000")),
            Is.EqualTo(NegotiationFailure.NoCommonCodec));

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
    [TestCase("IN IP4 0.0.0.7")]
    [TestCase("IN IP4 0.255.0.1")]
    [TestCase("IN IP4 240.0.0.1")]
    [TestCase("IN IP4 a_b;c")]
    [TestCase("IN IP4 -x")]
    public void TryAnswer_GroupAddress_IsRefused(string connection) =>
        Assert.That(
            SdpSamples.FailureOf(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "c=" + connection)), Is.EqualTo(NegotiationFailure.BadAddress));

    [Test]
    public void TryAnswer_NoConnectionAtAll_IsRefused() =>
        Assert.That(SdpSamples.FailureOf(SdpSamples.Parse("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 4000 RTP/AVP 0\r\n")),
            Is.EqualTo(NegotiationFailure.BadAddress));

    [TestCase("a=rtcp:53", "198.51.100.1:4001")]
    [TestCase("a=rtcp:4444", "198.51.100.1:4444")]
    [TestCase("a=rtcp:4444 IN IP4 192.0.2.66", "198.51.100.1:4444", Description = "never to a host that did not ask")]
    [TestCase("a=rtcp:99999", "198.51.100.1:4001")]
    public void TryAnswer_RtcpPort(string line, string expected) =>
        Assert.That(
            SdpSamples.Answer(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", line)).Negotiated.RemoteRtcp!.ToString(), Is.EqualTo(expected));

    [Test]
    public void TryAnswer_LastPort_HasNoRtcp() =>
        Assert.That(SdpSamples.Answer(SdpSamples.Offer("m=audio 65535 RTP/AVP 0")).Negotiated.RemoteRtcp, Is.Null);

    // RFC 5761 §4, §5.1.1
    [TestCase("m=audio 4000 RTP/AVP 0", true)]
    [TestCase("m=audio 4000 RTP/AVP 72", false)]
    [TestCase("m=audio 4000 RTP/AVP 0 95", false)]
    public void TryAnswer_RtcpMux_IsTaken_UnlessAPayloadTypeLooksLikeRtcp(string media, bool expected)
    {
        var (answer, negotiated) = SdpSamples.Answer(
            SdpSamples.Offer(media, "a=rtcp-mux", "a=rtcp:4444", "a=rtpmap:72 PCMA/8000", "a=rtpmap:95 telephone-event/8000"));

        Assert.That(answer.Audio!.RtcpMux, Is.EqualTo(expected));
        Assert.That(negotiated.RemoteRtcp!.Port, Is.EqualTo(expected ? 4000 : 4444));
    }

    [Test]
    public void TryAnswer_NoRtcpMux_IsNotSuggested() =>
        Assert.That(SdpSamples.Answer(SdpSamples.Offer("m=audio 4000 RTP/AVP 0")).Answer.Audio!.RtcpMux, Is.False);

    [TestCase("IN IP4 phone.example.org", AddressFamily.InterNetwork)]
    [TestCase("IN IP6 phone.example.org", AddressFamily.InterNetworkV6)]
    public void TryAnswer_NameInPlaceOfAnAddress_IsToBeLookedUp(string connection, AddressFamily family)
    {
        var negotiation = SdpSamples.Negotiation();
        SdpSamples.AnswerOf(negotiation, SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "c=" + connection));
        var name = new DnsEndPoint("phone.example.org", 4000, family);

        Assert.That((negotiation.Current!.Remote, negotiation.Current.RemoteName), Is.EqualTo(((IPEndPoint?)null, name)));
        Assert.That(negotiation.Current.Direction, Is.EqualTo(SdpDirection.SendRecv));
        Assert.That(negotiation.Locate(new DnsEndPoint("other.example.org", 4000, family), IPAddress.Loopback), Is.False);
        Assert.That(negotiation.Locate(name, IPAddress.Parse("192.0.2.5")), Is.True);
        Assert.That(negotiation.Current.Remote!.ToString(), Is.EqualTo("192.0.2.5:4000"));
        Assert.That(negotiation.Locate(name, IPAddress.Parse("192.0.2.6")), Is.False, "it is known by now");
    }

    [Test]
    public void WithAddress_NameOfTheSessionAndOfTheStream_IsReplaced()
    {
        string[] lines =
        [
            "v=0", "o=- 1 1 IN IP4 a", "c=IN IP4 h", "m=audio 4000 RTP/AVP 0",
            "m=audio 4002 RTP/AVP 0", "c=IN IP4 h", "m=audio 4004 RTP/AVP 0", "c=IN IP4 g", "",
        ];
        var offer = SdpSamples.Parse(string.Join("\r\n", lines)).WithAddress("h", IPAddress.IPv6Loopback);

        Assert.That(offer.Media.Select(m => offer.AddressOf(m)), Is.EqualTo(new[] { "::1", "::1", "g" }));
        Assert.That(offer.Media.Select(m => offer.AddressTypeOf(m)), Is.EqualTo(new[] { "IP6", "IP6", "IP4" }));
    }

    // RFC 4291 §2.5.5.2; the answer keeps the address type (RFC 6157 §4.1).
    [Test]
    public void TryAnswer_MappedAddress_IsItsIPv4()
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "c=IN IP6 ::ffff:192.0.2.5"));

        Assert.That(negotiated.Remote!.ToString(), Is.EqualTo("192.0.2.5:4000"));
        Assert.That(answer.AddressOf(answer.Audio!), Is.EqualTo("::ffff:203.0.113.1"));
        Assert.That(answer.Origin.AddressType, Is.EqualTo("IP6"));
    }

    [TestCase(NegotiationFailure.BadAddress)]
    [TestCase(NegotiationFailure.UnreachableFamily)]
    public void TryAnswer_AddressThatTheHostRefuses_IsRefused(NegotiationFailure why)
    {
        var asked = new List<string>();
        var negotiation = new SdpNegotiation(SdpSamples.Wish, 1, remote =>
        {
            asked.Add(remote.ToString());
            return why;
        });

        Assert.That(negotiation.TakeOffer(SdpSamples.Offer("m=audio 4000 RTP/AVP 0", "c=IN IP6 ::ffff:192.0.2.5")), Is.EqualTo(why));
        Assert.That(asked, Is.EqualTo(new[] { "192.0.2.5:4000" }));
    }

    // RFC 8866 §5.14 wants a format; a stream that is none needs none.
    [Test]
    public void TryAnswer_StreamWithPortZeroAndNoFormat_IsPassedOver()
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer("m=audio 0 RTP/AVP", "m=audio 4000 RTP/AVP 0", "m=video 0 RTP/AVP"));

        Assert.That(answer.Media.Select(m => $"{m.Type} {m.Port}"), Is.EqualTo(new[] { "audio 0", "audio 20000", "video 0" }));
        Assert.That(negotiated.Remote!.Port, Is.EqualTo(4000));
    }

    [Test]
    public void TryAnswer_SecondAudioFits_FirstIsRefused()
    {
        var (answer, negotiated) = SdpSamples.Answer(SdpSamples.Offer("m=audio 4000 RTP/SAVP 0", "m=audio 4002 RTP/AVP 0"));

        Assert.That(answer.Media.Select(m => m.Port), Is.EqualTo(new[] { 0, 20000 }));
        Assert.That(negotiated.Remote!.Port, Is.EqualTo(4002));
    }
}
