using Atm0s.Sip.Media.ComfortNoise;

namespace Atm0s.Sip.Media.Tests.ComfortNoise;

[TestFixture]
public class VoiceActivityTests
{
    private const int Frame = 160;

    [TestCase(-127)]
    [TestCase(-65)]
    [TestCase(-50)]
    public void Process_SpeechInNoise_KeepsTheSpeechAndFindsThePauses(double noiseLevel)
    {
        var clean = TestData.ReadPcm("speech", "speech_8k.pcm");
        var noise = Noise.Make(clean.Length, noiseLevel, -0.5);
        var voice = new VoiceActivity(8000);
        int loud = 0, cut = 0, quiet = 0, paused = 0, sincePause = 0;
        for (var i = 0; i < clean.Length / Frame; i++)
        {
            var frame = clean[(i * Frame)..((i + 1) * Frame)];
            var level = Noise.Level(frame);
            for (var n = 0; n < Frame; n++)
                frame[n] = (short)Math.Clamp(frame[n] + noise[(i * Frame) + n], short.MinValue, short.MaxValue);
            var active = voice.Process(frame);

            if (level > Math.Max(noiseLevel + 12, -45))
            {
                loud++;
                cut += active ? 0 : 1;
            }

            sincePause = level < -80 ? sincePause + 1 : 0;
            // The end of the hangover; and two seconds to learn of noise that is louder than what is thought of first.
            if (sincePause > 12 && i > 110)
            {
                quiet++;
                paused += active ? 0 : 1;
            }
        }

        Assert.That(loud, Is.GreaterThan(300));
        Assert.That(quiet, Is.GreaterThan(15));
        Assert.That(cut, Is.Zero, "frames of speech that were cut");
        Assert.That(paused, Is.EqualTo(quiet), "frames of pauses found");
    }

    [Test]
    public void Process_SpeechInDigitalSilence_IsActiveAtTheFirstFrameOfEachSpurt()
    {
        var speech = TestData.ReadPcm("speech", "speech_8k.pcm");
        var voice = new VoiceActivity(8000);

        for (var i = 0; i < 150; i++)
            voice.Process(new short[Frame]);
        Assert.That(voice.IsActive, Is.False);

        Assert.That(voice.Process(speech.AsSpan(8000, Frame)), Is.True);
    }

    [Test]
    public void Process_Noise_IsAPauseAfterTwoSecondsAndItsLevelIsKnown()
    {
        var voice = new VoiceActivity(16000);
        foreach (var frame in Noise.Make(16000 * 3, -52).Chunk(320))
            voice.Process(frame);

        Assert.That(voice.IsActive, Is.False);
        Assert.That(voice.NoiseLevel, Is.EqualTo(-52).Within(2));
    }

    [Test]
    public void Process_LongTone_IsNeverTakenForNoise()
    {
        var voice = new VoiceActivity(8000);
        var tone = Tone.Make(425, 8000, 8000 * 20, 32768 * Math.Pow(10, -36.0 / 20));

        foreach (var frame in tone.Chunk(Frame))
            Assert.That(voice.Process(frame), Is.True);
    }

    [Test]
    public void Process_ConstantOffset_IsNoVoice()
    {
        var voice = new VoiceActivity(8000);
        var offset = Enumerable.Repeat((short)900, Frame).ToArray();

        for (var i = 0; i < 200; i++)
            voice.Process(offset);

        Assert.That(voice.IsActive, Is.False);
    }

    [Test]
    public void Process_Click_HoldsOnFor60MsOnly()
    {
        var voice = new VoiceActivity(8000);
        for (var i = 0; i < 100; i++)
            voice.Process(new short[Frame]);
        var click = new short[Frame];
        click[80] = 20_000;
        voice.Process(click);
        var held = 0;

        while (voice.Process(new short[Frame]))
            held++;

        Assert.That(held, Is.EqualTo(2));
    }

    [Test]
    public void Process_Warm_AllocatesNothing()
    {
        var voice = new VoiceActivity(8000);
        var noise = Noise.Make(Frame, -40);

        Assert.That(AllocationMeter.Measure(() => voice.Process(noise)), Is.Zero);
    }
}
