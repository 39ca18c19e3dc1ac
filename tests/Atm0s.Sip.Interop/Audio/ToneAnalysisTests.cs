using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Audio;

[Category("Unit")]
public sealed class ToneAnalysisTests
{
    private static readonly TimeSpan Two = TimeSpan.FromSeconds(2);

    [TestCase(440.0, 8000), TestCase(441.37, 8000), TestCase(880.5, 48000), TestCase(1100.25, 16000), TestCase(3400.1, 8000)]
    public void Frequency_is_found_to_a_twentieth_of_a_hertz(double hz, int rate) =>
        Assert.That(ToneSource.Sine(hz, Two, rate).StrongestFrequency(), Is.EqualTo(hz).Within(0.05));

    [TestCase(-3.0), TestCase(-12.0), TestCase(-40.0)]
    public void Level_is_found(double level)
    {
        var tone = ToneSource.Sine(440, Two, levelDbfs: level);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tone.Measure(440).Levels[440], Is.EqualTo(level).Within(0.01));
            Assert.That(tone.LevelDbov(), Is.EqualTo(level - 3.01).Within(0.01));
        }
    }

    [TestCase(10.0), TestCase(20.0), TestCase(38.0)]
    public void Noise_is_measured(double snr)
    {
        var tone = ToneSource.Sine(660, Two);
        var random = new Random(7);
        var amplitude = Math.Pow(10, (-12 - snr) / 20) * Math.Sqrt(1.5); // a uniform amplitude a has the power a²/3
        for (var i = 0; i < tone.Samples.Length; i++)
            tone.Samples[i] += (float)(amplitude * ((2 * random.NextDouble()) - 1));
        Assert.That(tone.Measure(660).Snr, Is.EqualTo(snr).Within(0.3));
    }

    [Test]
    public void A_frequency_slightly_off_costs_no_snr_worth_naming() =>
        Assert.That(ToneSource.Sine(440.05, Two).Measure(440).Snr, Is.GreaterThan(40));

    [Test]
    public void A_lost_frame_shows_in_the_snr_and_as_a_gap()
    {
        var tone = ToneSource.Sine(440, Two);
        Array.Clear(tone.Samples, 8000, 320);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tone.Measure(440).Snr, Is.LessThan(25));
            Assert.That(tone.Gaps(TimeSpan.FromMilliseconds(20)),
                Is.EqualTo(new[] { new SilenceGap(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(40)) }));
        }
    }

    [Test]
    public void Blocks_left_out_forgive_a_lost_frame_but_not_a_noisy_line()
    {
        var tone = ToneSource.Sine(440, Two);
        Array.Clear(tone.Samples, 8000, 320);
        Assert.That(tone.Measure(0.1, [440]).Snr, Is.GreaterThan(40));
        for (var at = 0; at < tone.Samples.Length; at += 1600)
            Array.Clear(tone.Samples, at, 320);
        Assert.That(tone.Measure(0.3, [440]).Snr, Is.LessThan(25));
    }

    [Test]
    public void Tones_of_a_sum_are_told_apart()
    {
        var sum = ToneSource.Sum(ToneSource.Sine(440, Two, levelDbfs: -12), ToneSource.Sine(880, Two, levelDbfs: -18));
        var report = sum.Measure(440, 660, 880);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Levels[440], Is.EqualTo(-12).Within(0.05));
            Assert.That(report.Levels[660], Is.LessThan(-60));
            Assert.That(report.Levels[880], Is.EqualTo(-18).Within(0.05));
            Assert.That(report.Snr, Is.GreaterThan(60));
        }
    }

    [Test]
    public void The_body_leaves_silence_at_either_end_out()
    {
        var tone = ToneSource.Sine(440, Two);
        var padded = tone with { Samples = [.. new float[4000], .. tone.Samples, .. new float[2000]] };
        var body = padded.Body(TimeSpan.FromMilliseconds(250));
        Assert.That(body.Duration.TotalSeconds, Is.EqualTo(1.5).Within(0.01));
    }

    [Test]
    public void Silence_has_no_body_and_no_frequency()
    {
        var silence = new WavFile(8000, new float[8000]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(silence.Body(TimeSpan.Zero).Samples, Is.Empty);
            Assert.That(silence.Body(TimeSpan.Zero).StrongestFrequency(), Is.Zero);
        }
    }
}
