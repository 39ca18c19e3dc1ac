using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Loud talkers together: no clipping, little distortion, and no change to what fits.</summary>
public sealed class PeakLimiterTests
{
    private const int Frame = 160;

    [Test]
    public void BelowFullScale_PassesExactly()
    {
        var random = new Random(1);
        var sums = new int[Frame];
        for (var frame = 0; frame < 100; frame++)
        {
            for (var i = 0; i < Frame; i++)
                sums[i] = random.Next(-32768, 32768);
            (sums[3], sums[4]) = (-32768, 32767);
            Assert.That(PeakLimiter.Process(sums, 1, new short[Frame]), Is.EqualTo(1));
            Assert.That(Limit([.. sums.Select(s => (double)s)]).Select(s => (int)s), Is.EqualTo(sums));
        }
    }

    [TestCase(-15.0)]
    [TestCase(-12.0)]
    public void SixTalkers_AreLessDistortedThanByAClamp_AndDoNotClip(double level)
    {
        var sum = Talkers(6, level, 8000 * 20);
        var limited = Limit(sum);
        var clamped = sum.Select(s => (short)Math.Clamp(s, short.MinValue, short.MaxValue)).ToArray();
        var clipped = Enumerable.Range(0, sum.Length / Frame).Where(f => sum.Skip(f * Frame).Take(Frame).Any(s => Math.Abs(s) > 32767))
            .ToArray();
        var ours = clipped.Select(f => DistortionDb(sum, limited, f)).ToArray();
        var theirs = clipped.Select(f => DistortionDb(sum, clamped, f)).ToArray();
        Assert.That(clipped, Has.Length.GreaterThan(50), "else there is nothing to limit");
        Assert.That(ours.Average(), Is.GreaterThan(theirs.Average() + 3));
        Assert.That(ours.Min(), Is.GreaterThan(theirs.Min()));
        Assert.That(limited.Max(s => Math.Abs((int)s)), Is.LessThan(32767), "no sample is at full scale");
    }

    [Test]
    public void Peak_AnywhereInTheFrame_IsNeverBeyondFullScale(
        [Values(0, 1, 2, 7, 15, 16, 17, 100, 159)] int at, [Values(1.0f, 0.9f, 0.5f)] float gain)
    {
        var sums = Tone.Make(300, 8000, Frame, 30_000).Select(s => (int)s).ToArray();
        sums[at] = 200_000;
        var output = new short[Frame];
        var end = PeakLimiter.Process(sums, gain, output);
        Assert.That(output[at], Is.InRange(32_000, 32_767));
        Assert.That(end, Is.EqualTo(32_392 / 200_000f).Within(1e-4));
        Assert.That(output.Skip(at + 1).Select((s, i) => s / (double)Math.Max(1, Math.Abs(sums[at + 1 + i]))), Has.All.LessThan(1.001));
    }

    [Test]
    public void Gain_HasNoStep()
    {
        // A loud second between quiet ones: the gain, sample by sample, moves by little except in the 2 ms of the attack.
        var sum = Enumerable.Range(0, 8000 * 6).Select(i => (i / 8000 == 1 ? 60_000.0 : 20_000) * Math.Sin(2 * Math.PI * 500 * i / 8000))
            .ToArray();
        var limited = Limit(sum);
        var steps = new List<double>();
        for (var i = 8; i < sum.Length; i++)
        {
            if (Math.Abs(sum[i]) > 15_000 && Math.Abs(sum[i - 8]) > 15_000 && (i is < 8000 or > 8040))
                steps.Add(Math.Abs((limited[i] / sum[i]) - (limited[i - 8] / sum[i - 8])));
        }

        Assert.That(steps.Max(), Is.LessThan(0.01));
        Assert.That(limited[^100..].Select(s => (double)s), Is.EqualTo(sum[^100..].Select(s => Math.Round(s))).Within(1e-9),
            "in the end it has recovered");
    }

    [Test]
    public void Process_AllocatesNothing()
    {
        var sums = Talkers(6, -12, 8000).Select(s => (int)s).ToArray();
        var output = new short[Frame];
        var gain = 1f;
        var at = 0;
        void One()
        {
            gain = PeakLimiter.Process(sums.AsSpan(at, Frame), gain, output);
            at = (at + Frame) % sums.Length;
        }

        Assert.That(AllocationMeter.Measure(One), Is.Zero);
    }

    private static short[] Limit(double[] sum)
    {
        var (output, gain) = (new short[sum.Length], 1f);
        for (var at = 0; at < sum.Length; at += Frame)
        {
            var sums = sum.Skip(at).Take(Frame).Select(s => (int)Math.Round(s)).ToArray();
            gain = PeakLimiter.Process(sums, gain, output.AsSpan(at, Frame));
        }

        return output;
    }

    /// <summary>
    /// What is left of the frame when the best multiple of the original is taken away: a change of level is no distortion.
    /// </summary>
    private static double DistortionDb(double[] expected, short[] actual, int frame)
    {
        double cross = 0, energy = 0, error = 0;
        for (var i = frame * Frame; i < (frame + 1) * Frame; i++)
        {
            cross += expected[i] * actual[i];
            energy += expected[i] * expected[i];
        }

        var scale = cross / energy;
        for (var i = frame * Frame; i < (frame + 1) * Frame; i++)
            error += Math.Pow(actual[i] - (scale * expected[i]), 2);
        return 10 * Math.Log10(scale * scale * energy / Math.Max(1, error));
    }

    /// <summary>Voices of that active level, each at a pitch of its own, rounded as their codecs would.</summary>
    private static double[] Talkers(int count, double level, int samples)
    {
        var sum = new double[samples];
        for (var talker = 0; talker < count; talker++)
        {
            var voice = Tone.MakeVoice(8000, samples, 95 + (23 * talker), syllables: true);
            var rms = Math.Sqrt(voice.Chunk(Frame).Select(c => c.Average(s => (double)s * s)).Where(e => e > 10_000).Average());
            var factor = 32768 * Math.Pow(10, level / 20) / rms;
            for (var i = 0; i < samples; i++)
                sum[i] += Math.Clamp(Math.Round(voice[(i + (talker * 811)) % samples] * factor), short.MinValue, short.MaxValue);
        }

        return sum;
    }
}
