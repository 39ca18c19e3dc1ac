using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Keys as tones in the audio, both ways.</summary>
public sealed class LegToneTests
{
    private static readonly (TimeSpan Duration, TimeSpan Gap) Usual = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(80));

    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld();

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void Digits_GoAsTones_WhereThePeerTakesNoEvents_IfThatIsAllowed()
    {
        var phone = _world.AddPhone(p => p with { SendInbandDtmf = true });
        _world.Room.Add(new ToneEndpoint(440));
        _world.Run(0.5);
        Assert.That(phone.Leg.SendDtmf("159D*#0", Usual.Duration, Usual.Gap), Is.True);
        _world.Run(2);
        Assert.That(phone.Rtp.Select(p => p[1] & 0x7F), Has.All.EqualTo(8));
        Assert.That(Detect(phone), Is.EqualTo("159D*#0"));
        var others = _world.AddPhone();
        Assert.That(others.Leg.SendDtmf("1", Usual.Duration, Usual.Gap), Is.False, "nobody has allowed it");
    }

    [Test]
    public void Digits_GoAsEvents_WhereThePeerTakesThem()
    {
        var phone = _world.AddPhone(p => p with { SendInbandDtmf = true, SendEvents = new RtpEventFormat(101, 8000) });
        phone.Leg.SendDtmf("1", Usual.Duration, Usual.Gap);
        _world.Run(0.5);
        Assert.That(phone.Rtp.Count(p => (p[1] & 0x7F) == 101), Is.EqualTo(7));
        Assert.That(Detect(phone), Is.Empty);
    }

    [TestCase(true, "159D*#0")]
    [TestCase(false, "")]
    public void TonesOfThePhone_AreKeys_WhenTheyAreLookedFor(bool wanted, string expected)
    {
        var phone = _world.AddPhone(p => p with { DetectInbandDtmf = wanted });
        Play(phone, "159D*#0");
        Assert.That(Keys(phone), Is.EqualTo(expected));
    }

    [Test]
    public void LookingForTones_MayBeginLater()
    {
        var phone = _world.AddPhone();
        Play(phone, "12");
        phone.Update(p => p with { DetectInbandDtmf = true });
        Play(phone, "34");
        phone.Update(p => p with { Remote = phone.Address, CName = "other" });
        Play(phone, "5");
        phone.Update(p => p with { DetectInbandDtmf = false });
        Play(phone, "6");
        Assert.That(Keys(phone), Is.EqualTo("345"));
    }

    [Test]
    public void OnHold_TonesAreNoKeys()
    {
        var phone = _world.AddPhone(p => p with { DetectInbandDtmf = true, Receive = false });
        Play(phone, "12");
        Assert.That(Keys(phone), Is.Empty);
    }

    // A gateway that leaves the beginning of the tone in, or all of it, and sends the event as well.
    [TestCase(60)]
    [TestCase(100)]
    [TestCase(400)]
    public void KeyThatComesBothWays_IsToldOnce(int toneMilliseconds)
    {
        var phone = _world.AddPhone(p => p with { DetectInbandDtmf = true, ReceiveEvents = [new RtpEventFormat(101, 8000)] });
        foreach (var digit in "11233")
        {
            var tone = Make($"{digit}", TimeSpan.FromMilliseconds(toneMilliseconds), TimeSpan.FromMilliseconds(40));
            var start = phone.Timestamp;
            for (var i = 0; i < 20; i++)
            {
                Say(phone, tone.Skip(i * 160).Take(160).ToArray());
                Event(phone, digit, start, Math.Min(i + 1, 18), i >= 17);
                _world.Run(0.02);
            }

            _world.Run(0.3);
        }

        Assert.That(Keys(phone), Is.EqualTo("11233"));
    }

    [Test]
    public void TicksWithEveryOption_AllocateNothing()
    {
        var all = _world.AddPhone(p => p with
        {
            DetectInbandDtmf = true,
            SendInbandDtmf = true,
            SendVoipMetrics = true,
            SendComfortNoise = true,
            ComfortNoisePayloadType = 13,
            ReceiveFormats = [.. p.ReceiveFormats, new RtpFormat(97, new PcmCodec(16_000))],
        });
        var other = _world.AddPhone();
        (all.IsSpeaking, other.IsSpeaking) = (true, true);
        all.Leg.SendDtmf("1", Usual.Duration, Usual.Gap);
        _world.Run(10);
        all.Leg.SendDtmf("15#", Usual.Duration, Usual.Gap);
        all.Leg.SetGain(3);
        var allocated = 0L;
        for (var i = 0; i < 500; i++)
        {
            other.IsSpeaking = i / 50 % 2 == 0;
            all.BeforeTick();
            other.BeforeTick();
            var before = GC.GetAllocatedBytesForCurrentThread();
            _world.Clock.Advance(TimeSpan.FromMilliseconds(20));
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            all.AfterTick();
            other.AfterTick();
        }

        Assert.That(allocated, Is.Zero);
    }

    private static string Keys(TestPhone phone) =>
        string.Concat(phone.Told.Where(t => t.StartsWith("key", StringComparison.Ordinal)).Select(t => t[4]));

    private static short[] Make(string digits, TimeSpan duration, TimeSpan gap)
    {
        var generator = new InbandDtmfGenerator(8000);
        generator.TryAdd(digits, duration, gap);
        var pcm = new List<short>();
        var frame = new short[160];
        while (generator.Generate(frame))
            pcm.AddRange(frame);
        return [.. pcm];
    }

    private static string Detect(TestPhone phone)
    {
        var detector = new InbandDtmfDetector(8000);
        detector.Process([.. phone.Heard.Samples.Select(s => (short)(s * 32768))]);
        detector.Restart();
        var digits = "";
        while (detector.TryRead(out var e))
            digits += e.Digit;
        return digits;
    }

    private static void Say(TestPhone phone, short[] pcm)
    {
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, false, phone.Sequence++, phone.Timestamp, phone.Ssrc);
        ALaw.Encode([.. pcm, .. new short[160 - pcm.Length]], packet.AsSpan(12));
        phone.Timestamp += 160;
        phone.Send(packet);
    }

    private static void Event(TestPhone phone, char digit, uint start, int frames, bool end)
    {
        var packet = new byte[16];
        RtpHeader.Write(packet, 101, false, phone.Sequence++, start, phone.Ssrc);
        packet[12] = (byte)(digit - '0');
        packet[13] = (byte)(end ? 0x8A : 0x0A);
        (packet[14], packet[15]) = ((byte)(frames * 160 >> 8), (byte)(frames * 160));
        phone.Send(packet);
    }

    private void Play(TestPhone phone, string digits)
    {
        foreach (var frame in Make(digits, Usual.Duration, Usual.Gap).Concat(new short[1600]).Chunk(160))
        {
            Say(phone, frame);
            _world.Run(0.02);
        }
    }
}
