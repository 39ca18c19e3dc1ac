using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Whatever is changed in a room, nobody hears a click or a hole.</summary>
public sealed class ClickTests
{
    // The greatest step between two samples of a tone of 300 Hz at -12 dBFS is 0.059; a hard edge in the middle of it is 0.25.
    private const double Hz = 300;
    private const double Smooth = 0.066;

    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld();

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void MuteAndUnmute_DoNotClick() => Listen((phone, i) => phone.Leg.SetMuted(i % 2 == 0));

    [Test]
    public void Gain_DoesNotClick() => Listen((phone, i) => phone.Leg.SetGain(i % 2 == 0 ? -12 : 0));

    [Test]
    public void HoldAndResume_DoNotClick() =>
        Listen((phone, i) => phone.Update(p => p with { IsOnHold = i % 2 == 0, Receive = i % 2 != 0 }), 0.5);

    [Test]
    public void Move_DoesNotClick()
    {
        var other = _world.Engine.CreateRoom("other");
        var there = new ToneEndpoint(440) { IsSpeaking = false };
        other.Add(there);
        var here = Listen((phone, i) => phone.Leg.MoveTo(i % 2 == 0 ? other : _world.Room));
        Assert.That(GreatestStep(there.Recording.Samples), Is.LessThan(Smooth));
        Assert.That(there.Recording.Samples.Max() + here.Recording.Samples.Max(), Is.EqualTo(0.5).Within(0.02), "both rooms have heard it");
    }

    [Test]
    public void LegThatEnds_AndEndpointThatLeaves_FadeOut()
    {
        var listener = new ToneEndpoint(440) { IsSpeaking = false };
        _world.Room.Add(listener);
        var phone = _world.AddPhone();
        (phone.Hz, phone.IsSpeaking) = (Hz, true);
        _world.Run(0.5);
        phone.IsSpeaking = false;
        phone.Leg.Close();
        _world.Run(0.5);
        Assert.That(GreatestStep(listener.Recording.Samples.SkipWhile(s => Math.Abs(s) < 0.2)), Is.LessThan(Smooth));
        Assert.That(listener.Recording.Samples[^100..], Has.All.Zero);

        // 20 ms are 6 periods and 3/8 of one: it leaves in the middle of a swing.
        var voice = new ToneEndpoint(318.75);
        _world.Room.Add(voice);
        _world.Run(0.1);
        _world.Room.Remove(voice);
        _world.Run(0.1);
        Assert.That(GreatestStep(listener.Recording.Samples[^1600..]), Is.LessThan(Smooth + 0.004));
        Assert.That(listener.Recording.Samples[^1600..].Max(), Is.EqualTo(0.25).Within(0.01));
    }

    [TestCase(48000)]
    [TestCase(16000)]
    public void MemberOfAnotherRate_ThatComesAndGoes_IsNotNoticed(int rate)
    {
        var speaker = new ToneEndpoint(Hz);
        var listener = new ToneEndpoint(440) { IsSpeaking = false };
        var wide = new ToneEndpoint(440, 48000) { IsSpeaking = false };
        var guest = new ToneEndpoint(440, rate) { IsSpeaking = false };
        _world.Room.Add(speaker);
        _world.Room.Add(listener);
        _world.Run(0.2);
        for (var i = 0; i < 10; i++)
        {
            _world.Room.Add(guest);
            _world.Run(0.1);
            Assert.That(_world.Room.SampleRate, Is.EqualTo(rate));
            if (i == 4)
                _world.Room.Add(wide); // comes while another change may be under way
            _world.Room.Remove(guest);
            _world.Run(i == 4 ? 0.02 : 0.1);
            if (i == 4)
                _world.Room.Remove(wide);
        }

        _world.Run(0.1);
        Assert.That(_world.Room.SampleRate, Is.EqualTo(8000));
        var heard = listener.Recording.Samples[800..];
        Assert.That(GreatestStep(heard), Is.LessThan(Smooth), "no click");
        // The new mix is up to 6 ms behind: while it fades in, the two may stand against each other.
        Assert.That(heard.Chunk(40).Min(c => c.Max(Math.Abs)), Is.GreaterThan(0.1), "no hole: 5 ms always hold a swing");
        Assert.That(guest.Recording.Samples.Max(), Is.EqualTo(0.25).Within(0.01), "and the guest hears");
    }

    [Test]
    public void FiltersForAnotherRate_AreNotMadeInTheTick()
    {
        for (var i = 0; i < 20; i++)
            _world.AddPhone();
        _world.Run(0.2);
        var usual = Allocated();
        _world.Run(0.02);
        var guest = new ToneEndpoint(440, 48000) { IsSpeaking = false };
        _world.Room.Add(guest);
        Assert.That(Allocated() - usual, Is.LessThan(40_000), "20 pairs of filters are 200 kB; what the guest records is 23 kB");
        Assert.That(_world.Room.SampleRate, Is.EqualTo(48000));

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            _world.Clock.Advance(TimeSpan.FromMilliseconds(60));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Test]
    public void LegThatChangesItsRates_IsNotNoticedByOthers()
    {
        var wide = new PcmCodec(16000);
        var speaker = new ToneEndpoint(Hz);
        var listener = new ToneEndpoint(440) { IsSpeaking = false };
        _world.Room.Add(speaker);
        _world.Room.Add(listener);
        var phone = _world.AddPhone();
        _world.Run(0.3);
        for (var i = 0; i < 6; i++)
        {
            IAudioCodec codec = i % 2 == 0 ? wide : PcmaCodec.Instance;
            phone.Update(p => p with { SendFormat = new RtpFormat(8, codec), ReceiveFormats = [new RtpFormat(8, codec)] });
            _world.Run(0.2);
        }

        Assert.That(GreatestStep(listener.Recording.Samples[800..]), Is.LessThan(Smooth));
        Assert.That(listener.Recording.Samples[800..].Chunk(40).Min(c => c.Max(Math.Abs)), Is.GreaterThan(0.15));
    }

    [Test]
    public void PhoneThatSendsOtherFormats_IsNotNoticedByOthers_AndIsHeardThroughout()
    {
        var wide = new PcmCodec(16000);
        var speaker = new ToneEndpoint(Hz);
        var listener = new ToneEndpoint(440) { IsSpeaking = false };
        _world.Room.Add(speaker);
        _world.Room.Add(listener);
        var phone = _world.AddPhone(p => p with { ReceiveFormats = [.. p.ReceiveFormats, new RtpFormat(97, wide)] });
        var heard = new List<int>();
        for (var i = 0; i < 400; i++)
        {
            // Ten frames of each in turn. Each of the clocks counts on, as if the other had not been.
            var rate = i / 10 % 2 == 0 ? 8000 : 16000;
            var packet = new byte[12 + (rate == 8000 ? 160 : 640)];
            RtpHeader.Write(packet, rate == 8000 ? (byte)8 : (byte)97, false, (ushort)i, (uint)(i * rate / 50), 7);
            var pcm = Tone.Make(700, rate, rate / 50, 3000, i * rate / 50);
            if (rate == 8000)
                ALaw.Encode(pcm, packet.AsSpan(12));
            else
                System.Runtime.InteropServices.MemoryMarshal.AsBytes<short>(pcm).CopyTo(packet.AsSpan(12));
            phone.Send(packet);
            _world.Run(0.02);
            heard.Add(_world.Room.SampleRate);
        }

        Assert.That(heard.Distinct(), Is.EquivalentTo(new[] { 8000, 16000 }), "the room follows");
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.GreaterThan(390));
        var samples = listener.Recording.Samples[1600..];
        Assert.That(samples.Chunk(40).Min(c => c.Max(Math.Abs)), Is.GreaterThan(0.1), "the speaker has no hole");
        Assert.That(
            GreatestStep(speaker.Recording.Samples[1600..]), Is.LessThan(0.08), "nor does the phone click when it changes its format");
        Assert.That(speaker.Recording.Samples[1600..].Chunk(320).Count(c => c.Max(Math.Abs) > 0.08), Is.GreaterThan(160),
            "it is heard nearly all the time");
    }

    [TestCase(8000, 16000)]
    [TestCase(16000, 8000)]
    public void Leg_MaySendAtOneRate_AndReceiveAtAnother(int sent, int received)
    {
        var (send, receive) = (new PcmCodec(sent), new PcmCodec(received));
        var phone = _world.AddPhone(p => p with { SendFormat = new RtpFormat(96, send), ReceiveFormats = [new RtpFormat(97, receive)] });
        var other = new ToneEndpoint(500);
        _world.Room.Add(other);
        ushort sequence = 0;
        for (var i = 0; i < 100; i++)
        {
            var pcm = Tone.Make(700, received, received / 50, 8192, sequence * received / 50);
            var packet = new byte[12 + (2 * pcm.Length)];
            RtpHeader.Write(packet, 97, false, sequence, (uint)(sequence * received / 50), 7);
            System.Runtime.InteropServices.MemoryMarshal.AsBytes<short>(pcm).CopyTo(packet.AsSpan(12));
            sequence++;
            phone.Send(packet);
            _world.Run(0.02);
        }

        Assert.That(phone.Told, Is.EqualTo(new[] { $"latched {phone.Address}" }));
        Assert.That(_world.Room.SampleRate, Is.EqualTo(Math.Max(sent, received)));
        Assert.That(other.Recording.End(TimeSpan.FromSeconds(1)).Measure(700).Levels.Single().Value, Is.EqualTo(-12).Within(0.3));
        var heard = phone.Rtp.TakeLast(50)
            .SelectMany(p => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(p.AsSpan(12)).ToArray());
        Assert.That(phone.Rtp[^1], Has.Length.EqualTo(12 + (sent / 50 * 2)));
        Assert.That(new WavFile(sent, [.. heard.Select(s => s / 32768f)]).Measure(500).Snr, Is.GreaterThan(40));
    }

    private static double GreatestStep(IEnumerable<float> samples) => samples.Zip(samples.Skip(1), (a, b) => Math.Abs(b - (double)a)).Max();

    /// <summary>
    /// A phone speaks a tone without a break while something is changed every 100 ms or so; what a listener hears has no edge.
    /// </summary>
    private ToneEndpoint Listen(Action<TestPhone, int> change, double seconds = 0.1)
    {
        var listener = new ToneEndpoint(440) { IsSpeaking = false };
        _world.Room.Add(listener);
        var phone = _world.AddPhone();
        (phone.Hz, phone.IsSpeaking) = (Hz, true);
        _world.Run(0.5);
        var from = listener.Recording.Samples.Length;
        for (var i = 0; i < 12; i++)
        {
            change(phone, i);
            _world.Run(seconds + (0.02 * (i % 3)));
        }

        var heard = listener.Recording.Samples[from..];
        Assert.That(GreatestStep(heard), Is.LessThan(Smooth));
        Assert.That(heard.Max(), Is.GreaterThan(0.2));
        Assert.That(heard.Chunk(160).Min(c => c.Max(Math.Abs)), Is.LessThan(0.1), "the change is heard");
        return listener;
    }
}
