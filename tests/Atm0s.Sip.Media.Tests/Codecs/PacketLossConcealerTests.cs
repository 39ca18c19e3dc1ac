using Atm0s.Sip.Media.Codecs;

namespace Atm0s.Sip.Media.Tests.Codecs;

[TestFixture]
[Property("itu", "G.711 Appendix I")]
public class PacketLossConcealerTests
{
    private const int Frame = 160;

    [TestCase(100)]
    [TestCase(170)]
    [TestCase(333)]
    public void Conceal_PeriodicSignal_GoesOnInPhase(int frequency)
    {
        var signal = Tone.Make(frequency, 8000, 8 * Frame, 8000);
        var concealed = new short[80];

        Feed(signal, 5).Conceal(concealed);

        // The first 10 ms are at full level and must follow the signal.
        Assert.That(Tone.SignalToErrorDb(signal.AsSpan(5 * Frame, 80), concealed), Is.GreaterThan(15));
    }

    [Test]
    public void Conceal_Voice_KeepsLevelAndMakesNoStep()
    {
        var signal = Tone.MakeVoice(8000, 20 * Frame);
        var steepest = Steepest(signal);

        for (var loss = 6; loss < 18; loss++)
        {
            var concealer = Feed(signal, loss);
            var output = new short[3 * Frame];
            signal.AsSpan((loss - 1) * Frame, Frame).CopyTo(output);
            concealer.Conceal(output.AsSpan(Frame, Frame));
            signal.AsSpan((loss + 1) * Frame, Frame).CopyTo(output.AsSpan(2 * Frame));
            concealer.Received(output.AsSpan(2 * Frame));

            Assert.That(Steepest(output), Is.LessThan(1.3 * steepest), $"a step at frame {loss}");
            Assert.That(Tone.Db(Tone.Rms(output.AsSpan(Frame, 80)) / Tone.Rms(signal.AsSpan(loss * Frame, 80))), Is.EqualTo(0).Within(3));
        }
    }

    [Test]
    public void Conceal_LossesInARow_FadeAndAreSilentAfter60Ms()
    {
        var concealer = Feed(Tone.Make(250, 8000, 5 * Frame, 10_000), 5);
        var levels = new double[6];
        var pcm = new short[Frame];

        for (var i = 0; i < 6; i++)
        {
            concealer.Conceal(pcm);
            levels[i] = Tone.Rms(pcm);
        }

        Assert.That(levels[0], Is.GreaterThan(6000));
        Assert.That(levels[..3], Is.Ordered.Descending);
        Assert.That(levels[2], Is.GreaterThan(300));
        Assert.That(levels[3..], Is.All.EqualTo(0));
    }

    [Test]
    public void Received_AfterLongLoss_ComesInFromSilenceWithin10Ms()
    {
        var signal = Tone.Make(250, 8000, 20 * Frame, 10_000, start: 8);
        var concealer = Feed(signal, 5);
        for (var i = 0; i < 10; i++)
            concealer.Conceal(new short[Frame]);
        var back = signal.AsSpan(15 * Frame, Frame).ToArray();

        concealer.Received(back);

        Assert.That(Math.Abs((int)back[0]), Is.LessThan(200));
        Assert.That(back[80..], Is.EqualTo(signal[((15 * Frame) + 80)..(16 * Frame)]));
    }

    [Test]
    public void Received_NoLossBefore_ChangesNothing()
    {
        var signal = Tone.MakeVoice(8000, 10 * Frame);
        var concealer = new PacketLossConcealer(8000);

        for (var i = 0; i < 10; i++)
        {
            var frame = signal[(i * Frame)..((i + 1) * Frame)];
            concealer.Received(frame);
            Assert.That(frame, Is.EqualTo(signal[(i * Frame)..((i + 1) * Frame)]));
        }
    }

    [Test]
    public void Conceal_BeforeAnyAudio_IsSilence()
    {
        var pcm = Enumerable.Repeat((short)77, Frame).ToArray();

        new PacketLossConcealer(8000).Conceal(pcm);

        Assert.That(pcm, Is.All.Zero);
    }

    [TestCase(8000)]
    [TestCase(16000)]
    public void ReceivedAndConceal_RandomSizesAndNoise_FillEverySample(int rate)
    {
        var random = new Random(7);
        var concealer = new PacketLossConcealer(rate);
        for (var i = 0; i < 3000; i++)
        {
            var pcm = new short[random.Next(0, 2000)];
            for (var n = 0; n < pcm.Length; n++)
                pcm[n] = (short)random.Next(short.MinValue, short.MaxValue + 1);
            if (random.Next(3) == 0)
                concealer.Conceal(pcm);
            else
                concealer.Received(pcm);
        }

        var last = new short[rate / 5];
        concealer.Received(Tone.Make(200, rate, rate / 10, 5000));
        concealer.Conceal(last);
        Assert.That(last[(rate * 6 / 100)..], Is.All.Zero);
        Assert.That(last[..(rate / 100)], Has.Some.GreaterThan(4000));
    }

    private static PacketLossConcealer Feed(short[] signal, int frames)
    {
        var concealer = new PacketLossConcealer(8000);
        for (var i = 0; i < frames; i++)
            concealer.Received(signal.AsSpan(i * Frame, Frame).ToArray());
        return concealer;
    }

    private static int Steepest(ReadOnlySpan<short> pcm)
    {
        var steepest = 0;
        for (var i = 1; i < pcm.Length; i++)
            steepest = Math.Max(steepest, Math.Abs(pcm[i] - pcm[i - 1]));
        return steepest;
    }
}
