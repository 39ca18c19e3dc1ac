using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>From what was agreed to what the media leg does.</summary>
public sealed class LegParametersTests
{
    private static readonly AudioFormat Pcma = new("PCMA", 8000, 1, 8, null);
    private static readonly AudioFormat Pcmu = new("PCMU", 8000, 1, 0, null);

    private static readonly NegotiatedAudio Agreed = new()
    {
        Send = new NegotiatedFormat(8, Pcma, "mode=1"),
        Receive = [new NegotiatedFormat(8, Pcma), new NegotiatedFormat(0, Pcmu)],
        SendEvents = new NegotiatedEvents(101, 8000),
        ReceiveEvents = [new NegotiatedEvents(97, 48000), new NegotiatedEvents(101, 8000)],
        ComfortNoise = 13,
        Remote = IPEndPoint.Parse("192.0.2.1:4000"),
        Direction = SdpDirection.SendRecv,
        PacketTime = 30,
    };

    [Test]
    public void From_EverythingThatWasAgreed_IsThere()
    {
        var parameters = From(Agreed);

        Assert.That(parameters.SendFormat, Is.EqualTo(new RtpFormat(8, PcmaCodec.Instance, "mode=1")));
        Assert.That(
            parameters.ReceiveFormats, Is.EqualTo(new[] { new RtpFormat(8, PcmaCodec.Instance), new RtpFormat(0, PcmuCodec.Instance) }));
        Assert.That(parameters.SendEvents, Is.EqualTo(new RtpEventFormat(101, 8000)));
        Assert.That(parameters.ReceiveEvents, Is.EqualTo(new[] { new RtpEventFormat(97, 48000), new RtpEventFormat(101, 8000) }));
        Assert.That(parameters.ComfortNoisePayloadType, Is.EqualTo(13));
        Assert.That(parameters.PacketTime, Is.EqualTo(TimeSpan.FromMilliseconds(30)));
        Assert.That((parameters.Remote.ToString(), parameters.RemoteRtcp!.ToString()), Is.EqualTo(("192.0.2.1:4000", "192.0.2.1:4001")));
        Assert.That((parameters.Send, parameters.Receive, parameters.IsOnHold), Is.EqualTo((true, true, false)));
        Assert.That((parameters.SignallingAddress, parameters.CName), Is.EqualTo((IPAddress.Loopback, "me")));
    }

    [Test]
    public void From_Nothing_IsNothing()
    {
        var parameters = From(Agreed with { SendEvents = null, ReceiveEvents = [], ComfortNoise = null });

        Assert.That(
            (parameters.SendEvents, parameters.ReceiveEvents.Count, parameters.ComfortNoisePayloadType),
            Is.EqualTo(((RtpEventFormat?)null, 0, -1)));
    }

    [TestCase(SdpDirection.SendRecv, true, true, false)]
    [TestCase(SdpDirection.SendOnly, true, false, true)]
    [TestCase(SdpDirection.RecvOnly, false, true, true)]
    [TestCase(SdpDirection.Inactive, false, false, true)]
    public void From_Direction(SdpDirection direction, bool sends, bool receives, bool onHold)
    {
        var parameters = From(Agreed with { Direction = direction });

        Assert.That((parameters.Send, parameters.Receive, parameters.IsOnHold), Is.EqualTo((sends, receives, onHold)));
    }

    [TestCase(SdpDirection.SendRecv, 4, 4), TestCase(SdpDirection.SendOnly, 0, 4), TestCase(SdpDirection.RecvOnly, 4, 0)]
    public void From_LevelsOfPackets_InTheDirectionsAgreedOn(SdpDirection direction, int received, int sent)
    {
        var parameters = From(Agreed with { AudioLevel = new AgreedAudioLevel(4, direction, HasVoiceFlag: false) });

        Assert.That((parameters.AudioLevelExtension, parameters.SendAudioLevelExtension), Is.EqualTo((received, sent)));
        Assert.That(parameters.HasVoiceFlag, Is.False);
        Assert.That(From(Agreed), Has.Property("AudioLevelExtension").Zero.And.Property("SendAudioLevelExtension").Zero);
    }

    [Test]
    public void From_Mux_IsOnePort() => Assert.That(From(Agreed with { RtcpMux = true }).RemoteRtcp, Is.EqualTo(Agreed.Remote));

    [Test]
    public void From_HoldByTheAddressZero_StaysWhereItWas()
    {
        var held = Agreed with { Remote = null, Direction = SdpDirection.RecvOnly };

        Assert.That((From(held).Remote.Port, From(held).RemoteRtcp), Is.EqualTo((0, (IPEndPoint?)null)), "nowhere, when it begins so");
        Assert.That((From(held, From(Agreed)).Remote, From(held, From(Agreed)).RemoteRtcp), Is.EqualTo((Agreed.Remote, Agreed.RemoteRtcp)));
    }

    [Test]
    public void From_NameNotLookedUpYet_IsNowhere_NotWhereItWas()
    {
        var named = Agreed with { Remote = null, RemoteName = new DnsEndPoint("phone.example.org", 4000) };
        var parameters = From(named, From(Agreed));

        Assert.That(
            (parameters.Remote.Port, parameters.RemoteRtcp, parameters.Send),
            Is.EqualTo((0, (IPEndPoint?)null, true)),
            "latching may show the way");
    }

    private static RtpLegParameters From(NegotiatedAudio agreed, RtpLegParameters? before = null) =>
        LegParameters.From(
            agreed, static f => f.Name == "PCMA" ? PcmaCodec.Instance : (IAudioCodec)PcmuCodec.Instance, before, IPAddress.Loopback, "me");
}
