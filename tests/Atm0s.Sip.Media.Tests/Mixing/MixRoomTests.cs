using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Rooms of members in process and of RTP legs, ticked by hand.</summary>
public sealed class MixRoomTests : IRtpLegObserver
{
    private static readonly IPAddress Host = IPAddress.Parse("10.0.0.1");
    private static readonly IPEndPoint Phone = new(IPAddress.Parse("10.0.0.2"), 4000);

    private readonly List<string> _told = [];
    private ManualMediaClock _clock = null!;
    private InMemoryMediaNetwork _network = null!;
    private MediaEngine _engine = null!;
    private MixRoom _room = null!;

    [SetUp]
    public void SetUp()
    {
        _told.Clear();
        _clock = new ManualMediaClock();
        _network = new InMemoryMediaNetwork(1);
        _engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 20000, LastPort = 20099, LegTimeout = TimeSpan.FromSeconds(3) },
            _network, _clock, new FakeTimeProvider(), new Random(1), NullLogger.Instance);
        _engine.Start();
        _room = _engine.CreateRoom("room");
    }

    [TearDown]
    public void TearDown()
    {
        _engine.Dispose();
        Assert.That(_network.OpenSockets, Is.Zero, "every socket is closed in the end");
    }

    [Test]
    public void ThreeVoices_EachHearsExactlyTheOtherTwo()
    {
        var voices = new[] { new ToneEndpoint(440), new ToneEndpoint(660), new ToneEndpoint(1000) };
        foreach (var voice in voices)
            _room.Add(voice);
        Run(2);
        foreach (var voice in voices)
        {
            var report = voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(440, 660, 1000);
            var own = voice == voices[0] ? 440 : voice == voices[1] ? 660 : 1000;
            foreach (var (hz, level) in report.Levels)
                Assert.That(level, hz == own ? Is.LessThan(-60) : Is.EqualTo(-12).Within(0.2), $"{own} hears {hz}");
        }
    }

    [Test]
    public void SilentMember_AddsNothing_AndHearsAll()
    {
        var listener = new ToneEndpoint(440) { IsSpeaking = false };
        var speaker = new ToneEndpoint(880);
        _room.Add(listener);
        _room.Add(speaker);
        Run(1);
        Assert.That(listener.Recording.End(TimeSpan.FromSeconds(0.5)).Measure(880).Snr, Is.GreaterThan(60), "a plain copy");
        Assert.That(speaker.Recording.Samples, Has.All.Zero);
    }

    [Test]
    public void Room_FollowsItsHighestRate()
    {
        var low = new ToneEndpoint(440);
        var high = new ToneEndpoint(880, 48000);
        _room.Add(low);
        Run(0.1);
        Assert.That(_room.SampleRate, Is.EqualTo(8000));
        _room.Add(high);
        Run(1);
        Assert.That(_room.SampleRate, Is.EqualTo(48000));
        Assert.That(low.Recording.End(TimeSpan.FromSeconds(0.5)).Measure(880).Snr, Is.GreaterThan(40));
        Assert.That(high.Recording.End(TimeSpan.FromSeconds(0.5)).Measure(440).Snr, Is.GreaterThan(40));
        _room.Remove(high);
        Run(0.1);
        Assert.That(_room.SampleRate, Is.EqualTo(8000));
    }

    [Test]
    public void MemberAddedTwice_IsThereOnce()
    {
        var voice = new ToneEndpoint(440);
        _room.Add(voice);
        _room.Add(voice);
        Run(0.1);
        Assert.That(_room.MemberCount, Is.EqualTo(1));
        _room.Remove(voice);
        _room.Remove(voice);
        Run(0.1);
        Assert.That(_room.MemberCount, Is.Zero);
    }

    [Test]
    public void Leg_ThatHearsNothing_TimesOutOnce_AndAgainAfterItHasHeard()
    {
        var leg = StartLeg();
        Run(2.9);
        Assert.That(_told, Is.Empty);
        Run(5);
        Assert.That(_told, Is.EqualTo(new[] { "timeout" }));
        Say(leg, 1);
        Run(5);
        Assert.That(_told, Is.EqualTo(new[] { "timeout", $"latched {Phone}", "timeout" }));
    }

    [Test]
    public void Leg_OnHold_DoesNotTimeOut_AndSendsNothing()
    {
        var leg = StartLeg();
        leg.Update(Parameters() with { Send = false, Receive = false });
        Run(1);
        var sent = leg.GetStatistics().PacketsSent;
        Run(10);
        Assert.That(_told, Is.Empty);
        Assert.That(leg.GetStatistics().PacketsSent, Is.EqualTo(sent));
        leg.Update(Parameters());
        Run(1);
        Assert.That(leg.GetStatistics().PacketsSent, Is.EqualTo(sent + 50).Within(1));
    }

    [Test]
    public void Leg_SendsFiftyPacketsASecond_FromTheStart_ToTheSdp()
    {
        _network.TryBind(Phone.Address, Phone.Port, out var phone);
        StartLeg();
        var buffer = new byte[2048];
        var packets = new List<(ushort Sequence, uint Timestamp)>();
        for (var i = 0; i < 100; i++)
        {
            Run(0.02);
            while (true)
            {
                var result = phone!.Receive(buffer, out var datagram);
                if (result == MediaReceive.None)
                    break;
                Assert.That(RtpPacketView.TryParse(buffer.AsSpan(0, datagram.Length), out var packet));
                Assert.That(packet.PayloadType, Is.EqualTo(8));
                Assert.That(packet.Payload.Length, Is.EqualTo(160));
                packets.Add((packet.SequenceNumber, packet.Timestamp));
            }
        }

        phone!.Dispose();
        Assert.That(packets, Has.Count.InRange(99, 100));
        Assert.That(packets.Zip(packets.Skip(1), (a, b) => ((ushort)(b.Sequence - a.Sequence), b.Timestamp - a.Timestamp)),
            Has.All.EqualTo(((ushort)1, 160u)));
    }

    [Test]
    public void WhatCameBeforeTheStart_IsNotPlayed()
    {
        var leg = _engine.TryOpenLeg(Host, this)!;
        Say(leg, 30);
        leg.Start(Parameters(), _room);
        var listener = new ToneEndpoint(440) { IsSpeaking = false };
        _room.Add(listener);
        Run(1);
        Assert.That(listener.Recording.Samples, Has.All.Zero);
    }

    [Test]
    public void ForeignSource_IsNeitherHeardNorSentTo()
    {
        var leg = StartLeg();
        var attacker = new IPEndPoint(IPAddress.Parse("10.9.9.9"), 666);
        for (var i = 0; i < 50; i++)
        {
            Send(leg, attacker, (ushort)i, 5);
            Run(0.02);
        }

        Assert.That(_told, Is.Empty);
        Assert.That(leg.GetStatistics(), Has.Property("PacketsReceived").Zero.And.Property("PacketsRefused").InRange(49, 50)
            .And.Property("Remote").EqualTo(Phone));
    }

    [Test]
    public void Close_BeforeAndAfterTheStart_FreesThePorts()
    {
        var never = _engine.TryOpenLeg(Host, this)!;
        never.Close();
        never.Close();
        Assert.That(_network.OpenSockets, Is.Zero);
        var leg = StartLeg();
        Run(0.1);
        leg.Close();
        Run(0.1);
        Assert.That(_network.OpenSockets, Is.Zero);
        Assert.That(_room.MemberCount, Is.Zero);
    }

    [Test]
    public void NoPortLeft_IsNull()
    {
        var legs = Enumerable.Range(0, 50).Select(_ => _engine.TryOpenLeg(Host, this)).ToArray();
        Assert.That(legs, Has.None.Null);
        Assert.That(_engine.TryOpenLeg(Host, this), Is.Null);
    }

    [Test]
    public void CloseRoom_ClosesItsLegs()
    {
        StartLeg();
        StartLeg();
        Run(0.1);
        _room.Close();
        Run(0.1);
        Assert.That(_network.OpenSockets, Is.Zero);
    }

    [Test]
    public void Level_IsToldInDbov()
    {
        var leg = StartLeg();
        for (var i = 0; i < 50; i++)
        {
            Say(leg, 1);
            Run(0.02);
        }

        // A sine of -12 dBFS has -15 dBov.
        Assert.That(leg.GetStatistics().LevelDbov, Is.EqualTo(-15).Within(1));
        Run(1);
        Assert.That(leg.GetStatistics().LevelDbov, Is.EqualTo(-127));
    }

    void IRtpLegObserver.OnLatched(IPEndPoint source) => _told.Add($"latched {source}");

    void IRtpLegObserver.OnMediaTimeout() => _told.Add("timeout");

    void IRtpLegObserver.OnDtmf(DtmfEvent e) => _told.Add($"key {e.Digit}");

    private static RtpLegParameters Parameters() => new()
    {
        SendFormat = new RtpFormat(8, PcmaCodec.Instance), ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)], Remote = Phone,
            SignallingAddress = Phone.Address,
    };

    private RtpLeg StartLeg()
    {
        var leg = _engine.TryOpenLeg(Host, this)!;
        leg.Start(Parameters(), _room);
        leg.Confirm();
        return leg;
    }

    private ushort _sequence;

    private void Say(RtpLeg leg, int packets)
    {
        for (var i = 0; i < packets; i++)
            Send(leg, Phone, _sequence++, 7);
    }

    private void Send(RtpLeg leg, IPEndPoint from, ushort sequence, uint ssrc)
    {
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, false, sequence, sequence * 160u, ssrc);
        ALaw.Encode(Tone.Make(400, 8000, 160, 32767 * Math.Pow(10, -12 / 20.0), sequence * 160), packet.AsSpan(12));
        _network.TryBind(from.Address, from.Port, out var socket);
        socket!.SendTo(packet, MediaAddress.From(leg.LocalEndPoint));
        socket.Dispose();
    }

    private void Run(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
