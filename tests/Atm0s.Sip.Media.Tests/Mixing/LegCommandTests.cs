using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>A leg that is muted, made louder, sends digits and goes from room to room; measured at the phone and in the rooms.</summary>
public sealed class LegCommandTests : IRtpLegObserver
{
    private static readonly IPAddress Host = IPAddress.Parse("10.0.0.1");
    private static readonly IPEndPoint PhoneAddress = new(IPAddress.Parse("10.0.0.2"), 4000);

    private readonly List<Packet> _received = [];
    private ManualMediaClock _clock = null!;
    private InMemoryMediaNetwork _network = null!;
    private MediaEngine _engine = null!;
    private MixRoom _room = null!;
    private MixRoom _other = null!;
    private IMediaSocket _phone = null!;
    private ushort _sequence;

    [SetUp]
    public void SetUp()
    {
        _received.Clear();
        _sequence = 0;
        _clock = new ManualMediaClock();
        _network = new InMemoryMediaNetwork(1);
        _engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 20000, LastPort = 20099, LegTimeout = TimeSpan.FromSeconds(3), Threads = 2 },
            _network, _clock, new FakeTimeProvider(), new Random(1), NullLogger.Instance);
        _engine.Start();
        _room = _engine.CreateRoom("room");
        _other = _engine.CreateRoom("other");
        _network.TryBind(PhoneAddress.Address, PhoneAddress.Port, out var phone);
        _phone = phone!;
    }

    [TearDown]
    public void TearDown()
    {
        _engine.Dispose();
        _phone.Dispose();
        Assert.That(_network.OpenSockets, Is.Zero, "every socket is closed in the end");
    }

    [Test]
    public void Muted_IsNotHeard_ButHears_AndIsHeardAgain()
    {
        var (leg, listener) = (StartLeg(), new ToneEndpoint(880));
        _room.Add(listener);
        leg.SetMuted(true);
        Run(leg, 2);
        Assert.That(listener.Recording.Samples, Has.All.Zero);
        Assert.That(_received.Count(p => p.PayloadType == 8), Is.GreaterThan(90));
        Assert.That(leg.GetStatistics().PacketsReceived, Is.GreaterThan(90), "its packets are taken all the same");
        leg.SetMuted(false);
        Run(leg, 1);
        Assert.That(listener.Recording.End(TimeSpan.FromSeconds(0.5)).Measure(400).Levels.Single().Value, Is.EqualTo(-12).Within(0.2));
    }

    [TestCase(-12)]
    [TestCase(-40)]
    [TestCase(6)]
    public void Gain_IsExact(double decibels)
    {
        var (leg, listener) = (StartLeg(), new ToneEndpoint(880) { IsSpeaking = false });
        _room.Add(listener);
        leg.SetGain(decibels);
        Run(leg, 2);
        Assert.That(
            listener.Recording.End(TimeSpan.FromSeconds(1)).Measure(400).Levels.Single().Value, Is.EqualTo(-12 + decibels).Within(0.2));
    }

    [Test]
    public void Gain_BeyondFullScale_IsClamped_NotWrapped()
    {
        var samples = new short[] { 30000, -30000, 100, short.MinValue, short.MaxValue };
        AudioGain.Apply(samples, AudioGain.ToFactor(20));
        Assert.That(samples, Is.EqualTo(new short[] { 32767, -32768, 1000, -32768, 32767 }));
        AudioGain.Apply(samples, AudioGain.ToFactor(0));
        Assert.That(samples[2], Is.EqualTo(1000));
    }

    [TestCase(-40.1)]
    [TestCase(20.1)]
    [TestCase(double.NaN)]
    public void Gain_OutOfRange_IsRefused(double decibels) =>
        Assert.That(() => AudioGain.ToFactor(decibels), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase("PCMA")]
    [TestCase("opus")]
    public void Digits_AreEventsOfTheirLength_EachEndedThreeTimes(string name)
    {
        if (name == "opus" && !LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("apt-get install libopus0");
        IAudioCodec codec = name == "opus" ? new OpusCodec(LibOpusCodecProvider.Instance) : PcmaCodec.Instance;
        var leg = StartLeg(
            Parameters() with { SendFormat = new RtpFormat(8, codec), ReceiveFormats = [new RtpFormat(8, codec)],
            SendEvents = new RtpEventFormat(101, codec.ClockRate) });
        _room.Add(new ToneEndpoint(440));
        Run(leg, 0.2);
        Assert.That(leg.SendDtmf("5#d", TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(60)), Is.True);
        Run(leg, 1);

        var frame = (uint)codec.ClockRate / 50;
        var events = _received.Where(p => p.PayloadType == 101).ToArray();
        Assert.That(events.Select(p => p.Payload[0]),
            Is.EqualTo(Enumerable.Repeat((byte)5, 7).Concat(Enumerable.Repeat((byte)11, 7)).Concat(Enumerable.Repeat((byte)15, 7))));
        foreach (var digit in events.Chunk(7))
        {
            Assert.That(digit.Select(p => p.Marker), Is.EqualTo(new[] { true, false, false, false, false, false, false }));
            Assert.That(digit.Select(p => p.Timestamp).Distinct().Count(), Is.EqualTo(1), "the timestamp of its beginning");
            Assert.That(digit.Select(p => (uint)((p.Payload[2] << 8) | p.Payload[3])),
                Is.EqualTo(new[] { 1, 2, 3, 4, 5, 5, 5 }.Select(n => n * frame)));
            Assert.That(
                digit.Select(p => p.Payload[1]), Is.EqualTo(new byte[] { 10, 10, 10, 10, 0x8a, 0x8a, 0x8a }), "volume 10, end three times");
        }

        Assert.That(
            _received.Zip(_received.Skip(1), (a, b) => (ushort)(b.Sequence - a.Sequence)), Has.All.EqualTo(1), "no packet is missing");
        var audio = _received.Where(p => p.PayloadType != 101).ToArray();
        Assert.That(audio[^1].Timestamp - audio[0].Timestamp, Is.EqualTo((uint)(_received.Count - 1) * frame),
            "audio goes on where time has come to");
        Assert.That(events[7].Timestamp - events[0].Timestamp, Is.EqualTo(8 * frame), "100 ms and a pause of 60 ms");
        Assert.That(Decode(events), Is.EqualTo("5#D"));
    }

    [Test]
    public void DigitTooLongForItsField_GoesOnInASegment()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("apt-get install libopus0");
        var leg = StartLeg(
            Parameters() with { SendFormat = new RtpFormat(8, new OpusCodec(LibOpusCodecProvider.Instance)),
            SendEvents = new RtpEventFormat(101, 48000) });
        Run(leg, 0.1);
        Assert.That(leg.SendDtmf("1", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(60)), Is.True);
        Run(leg, 2.5);

        // RFC 4733 §2.5.1.3: 96,000 units are a segment of 65,535 without an end, and one of 30,465 that begins where the first ends.
        var events = _received.Where(p => p.PayloadType == 101).ToArray();
        var segments = events.GroupBy(p => p.Timestamp).ToArray();
        Assert.That(segments.Select(s => s.Max(p => (p.Payload[2] << 8) | p.Payload[3])), Is.EqualTo(new[] { 0xFFFF, 96_000 - 0xFFFF }));
        Assert.That(segments[1].Key - segments[0].Key, Is.EqualTo(0xFFFFu));
        Assert.That(segments[0].Select(p => p.Payload[1] & 0x80), Has.All.Zero);
        Assert.That(segments[1].Count(p => (p.Payload[1] & 0x80) != 0), Is.EqualTo(3));
        Assert.That(events.Count(p => p.Marker), Is.EqualTo(1));
    }

    [Test]
    public void Digits_AreRefused_WhereNobodyTakesThem()
    {
        var (duration, gap) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(60));
        var leg = _engine.TryOpenLeg(Host, this)!;
        Assert.That(leg.SendDtmf("1", duration, gap), Is.False, "not started");
        leg.Start(Parameters() with { SendEvents = null }, _room);
        Assert.That(leg.SendDtmf("1", duration, gap), Is.False, "no telephone events");
        leg.Update(Parameters() with { Send = false });
        Assert.That(leg.SendDtmf("1", duration, gap), Is.False, "on hold");
        leg.Update(Parameters());
        Assert.That(leg.SendDtmf(new string('1', 64), duration, gap), Is.True);
        Assert.That(leg.SendDtmf("1", duration, gap), Is.False, "too many wait");
        leg.Close();
        Assert.That(leg.SendDtmf("1", duration, gap), Is.False, "closed");
        Assert.That(() => leg.SendDtmf("1x", duration, gap), Throws.ArgumentException);
        Assert.That(() => leg.SendDtmf(new string('1', 65), duration, gap), Throws.ArgumentException);
        Assert.That(() => leg.SendDtmf("1", TimeSpan.FromMilliseconds(39), gap), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => leg.SendDtmf("1", duration, TimeSpan.FromSeconds(3)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Move_HearsTheOtherRoom_AndTheStreamGoesOn()
    {
        var (here, there) = (new ToneEndpoint(440), new ToneEndpoint(660, 48000));
        _room.Add(here);
        _other.Add(there);
        var leg = StartLeg();
        Run(leg, 1);
        Assert.That(leg.MoveTo(_other), Is.True);
        Assert.That(leg.MoveTo(_other), Is.False, "on its way already");
        Run(leg, 1.5);

        Assert.That((_room.MemberCount, _other.MemberCount), Is.EqualTo((1, 2)));
        Assert.That(there.Recording.End(TimeSpan.FromSeconds(1)).Measure(400).Levels.Single().Value, Is.EqualTo(-12).Within(0.5));
        Assert.That(here.Recording.End(TimeSpan.FromSeconds(1)).Samples, Has.All.Zero);
        Assert.That(_received.Select(p => p.Ssrc).Distinct().Count(), Is.EqualTo(1));
        Assert.That(_received.Zip(_received.Skip(1), (a, b) => (ushort)(b.Sequence - a.Sequence)), Has.All.EqualTo(1));
        Assert.That(_received.Zip(_received.Skip(1), (a, b) => b.Timestamp - a.Timestamp), Has.All.EqualTo(160u));
        var heard = new WavFile(8000, [.. _received.TakeLast(50).SelectMany(p => p.Payload.Select(code => ALaw.Decode(code) / 32768f))])
            .Measure(660);
        Assert.That(heard.Levels.Single().Value, Is.EqualTo(-12).Within(0.5));
        Assert.That(leg.GetStatistics().PacketsLost, Is.Zero);
    }

    [Test]
    public void Move_ThereAndBackBeforeATick_ChangesNothing()
    {
        var leg = StartLeg();
        Run(leg, 0.1);
        Assert.That(leg.MoveTo(_other), Is.True);
        Assert.That(leg.MoveTo(_room), Is.True);
        Run(leg, 0.1);
        Assert.That((_room.MemberCount, _other.MemberCount), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Move_OutOfARoomThatCloses_IsDone()
    {
        var leg = StartLeg();
        Run(leg, 0.1);
        leg.MoveTo(_other);
        _room.Close();
        Run(leg, 0.1);
        Assert.That(_other.MemberCount, Is.EqualTo(1));
    }

    [Test]
    public void Move_ToARoomThatIsClosed_FreesThePorts()
    {
        var leg = StartLeg();
        Run(leg, 0.1);
        _other.Close();
        Run(leg, 0.1);
        leg.MoveTo(_other);
        Run(leg, 0.1);
        Assert.That(_network.OpenSockets, Is.EqualTo(1), "only the phone's own");
    }

    [Test]
    public void Close_DuringAMove_FreesThePorts()
    {
        var leg = StartLeg();
        Run(leg, 0.1);
        leg.MoveTo(_other);
        leg.Close();
        Run(leg, 0.1);
        Assert.That((_room.MemberCount, _other.MemberCount), Is.EqualTo((0, 0)));
        Assert.That(_network.OpenSockets, Is.EqualTo(1), "only the phone's own");
    }

    void IRtpLegObserver.OnLatched(IPEndPoint source)
    {
    }

    void IRtpLegObserver.OnMediaTimeout()
    {
    }

    void IRtpLegObserver.OnDtmf(DtmfEvent e)
    {
    }

    private static RtpLegParameters Parameters() => new()
    {
        SendFormat = new RtpFormat(8, PcmaCodec.Instance), ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)], Remote = PhoneAddress,
            SignallingAddress = PhoneAddress.Address,
        SendEvents = new RtpEventFormat(101, 8000),
    };

    private static string Decode(IEnumerable<Packet> events)
    {
        var decoder = new TelephoneEventDecoder();
        var digits = "";
        var now = TimeSpan.Zero;
        foreach (var packet in events)
        {
            decoder.OnPacket(packet.Payload, packet.Timestamp, 8000, now += TimeSpan.FromMilliseconds(20));
            while (decoder.TryRead(out var e))
                digits += e.Digit;
        }

        return digits;
    }

    private RtpLeg StartLeg(RtpLegParameters? parameters = null)
    {
        var leg = _engine.TryOpenLeg(Host, this)!;
        leg.Start(parameters ?? Parameters(), _room);
        return leg;
    }

    private void Run(RtpLeg leg, double seconds)
    {
        var buffer = new byte[2048];
        for (var i = 0; i < seconds * 50; i++)
        {
            var packet = new byte[172];
            RtpHeader.Write(packet, 8, false, _sequence, _sequence * 160u, 7);
            ALaw.Encode(Tone.Make(400, 8000, 160, 32767 * Math.Pow(10, -12 / 20.0), _sequence++ * 160), packet.AsSpan(12));
            _phone.SendTo(packet, MediaAddress.From(leg.LocalEndPoint));
            _clock.Advance(TimeSpan.FromMilliseconds(20));
            while (true)
            {
                var result = _phone.Receive(buffer, out var datagram);
                if (result == MediaReceive.None)
                    break;
                Assert.That(RtpPacketView.TryParse(buffer.AsSpan(0, datagram.Length), out var p));
                _received.Add(new Packet(p.PayloadType, p.Marker, p.SequenceNumber, p.Timestamp, p.Ssrc, p.Payload.ToArray()));
            }
        }
    }

    private sealed record Packet(byte PayloadType, bool Marker, ushort Sequence, uint Timestamp, uint Ssrc, byte[] Payload);
}
