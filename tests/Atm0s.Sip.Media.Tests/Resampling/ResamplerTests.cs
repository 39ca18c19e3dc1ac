using Atm0s.Sip.Media.Resampling;

namespace Atm0s.Sip.Media.Tests.Resampling;

/// <summary>
/// Scenarios: lengths, pass-band, alias (rate lowered), images (rate raised), SNR, delay, continuity over frame sizes, saturation
/// against a double-precision convolution, reset, allocation. Tones are whole Hz, so one second holds whole periods of all of them.
/// </summary>
[TestFixture]
public class ResamplerTests
{
    private const double Loud = 29_000; // -1.1 dBFS

    private static readonly (int In, int Out)[] Pairs =
        [(8000, 16000), (16000, 8000), (8000, 48000), (48000, 8000), (16000, 48000), (48000, 16000)];

    private static IEnumerable<TestCaseData> All() => Pairs.Select(p => new TestCaseData(p.In, p.Out));

    private static IEnumerable<TestCaseData> Raising() => Pairs.Where(p => p.In < p.Out).Select(p => new TestCaseData(p.In, p.Out));

    private static IEnumerable<TestCaseData> Lowering() => Pairs.Where(p => p.In > p.Out).Select(p => new TestCaseData(p.In, p.Out));

    [TestCaseSource(nameof(All))]
    public void Process_WholeMilliseconds_WritesExactlyThem(int inputRate, int outputRate)
    {
        var resampler = Resampler.Create(inputRate, outputRate);
        Assert.That((resampler.InputRate, resampler.OutputRate), Is.EqualTo((inputRate, outputRate)));
        for (var ms = 0; ms <= 121; ms++)
        {
            var output = new short[(ms * outputRate / 1000) + 3];
            Array.Fill(output, (short)31);
            Assert.That(resampler.Process(new short[ms * inputRate / 1000], output), Is.EqualTo(ms * outputRate / 1000));
            Assert.That(output[^3..], Is.All.EqualTo(31));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Process_TonesOfThePassBand_KeepTheirLevel(int inputRate, int outputRate)
    {
        int[] tones = Math.Min(inputRate, outputRate) == 8000
            ? [50, 307, 1013, 2003, 3001, 3301, 3400]
            : [50, 307, 1013, 3400, 5003, 6803, 7200];
        foreach (var tone in tones)
        {
            var level = Tone.Db(Tone.Measure(Run(inputRate, outputRate, tone), tone, outputRate).Amplitude / Loud);
            Assert.That(level, Is.EqualTo(0).Within(0.01), $"{tone} Hz");
        }
    }

    [TestCaseSource(nameof(Lowering))]
    public void Process_TonesAboveTheNewBand_VanishBy90Db(int inputRate, int outputRate)
    {
        var first = outputRate == 8000 ? 4600 : 8800;
        for (var tone = first; tone < inputRate / 2; tone += 397)
        {
            // Everything in the output is alias: its whole power counts.
            var rejection = Tone.Db(Loud / Math.Sqrt(2) / Tone.Rms(Run(inputRate, outputRate, tone)));
            Assert.That(rejection, Is.GreaterThanOrEqualTo(90), $"{tone} Hz");
        }
    }

    [TestCaseSource(nameof(Raising))]
    public void Process_Tones_HaveNoImageWithin90Db(int inputRate, int outputRate)
    {
        int[] tones = inputRate == 8000 ? [307, 1013, 2003, 3001, 3399] : [307, 1013, 3001, 5003, 7193];
        foreach (var tone in tones)
        {
            var output = Run(inputRate, outputRate, tone);
            for (var around = inputRate; around <= outputRate / 2; around += inputRate)
            {
                foreach (var image in new[] { around - tone, around + tone })
                {
                    if (image > outputRate / 2)
                        continue;
                    Assert.That(Tone.Db(Loud / Tone.Measure(output, image, outputRate).Amplitude), Is.GreaterThanOrEqualTo(90),
                        $"{tone} Hz at {image} Hz");
                }
            }
        }
    }

    [TestCaseSource(nameof(All))]
    public void Process_Tone_HasNothingElseAbove90Db(int inputRate, int outputRate)
    {
        const int Frequency = 1013;
        var output = Run(inputRate, outputRate, Frequency);
        var (amplitude, phase) = Tone.Measure(output, Frequency, outputRate);

        double error = 0;
        for (var i = 0; i < output.Length; i++)
            error += Math.Pow(output[i] - (amplitude * Math.Sin((2 * Math.PI * Frequency * i / outputRate) + phase)), 2);

        Assert.That(10 * Math.Log10(amplitude * amplitude / 2 / (error / output.Length)), Is.GreaterThan(90));
    }

    [TestCaseSource(nameof(All))]
    public void Delay_Measured_IsAsToldAndAtMost3Ms(int inputRate, int outputRate)
    {
        var resampler = Resampler.Create(inputRate, outputRate);
        Assert.That(resampler.Delay, Is.InRange(0.001, 0.003));
        foreach (var tone in new[] { 97, 150, 1013, 2003 })
        {
            // The run skips one second, a whole number of periods.
            var phase = Tone.Measure(Run(inputRate, outputRate, tone), tone, outputRate).Phase;
            var told = -2 * Math.PI * tone * resampler.Delay;
            Assert.That(Math.IEEERemainder(phase - told, 2 * Math.PI), Is.EqualTo(0).Within(0.001), $"{tone} Hz");
        }
    }

    [TestCaseSource(nameof(All))]
    public void Process_AnyFrameSizes_GiveTheSameSamples(int inputRate, int outputRate)
    {
        var random = new Random(11);
        var input = new short[inputRate];
        for (var i = 0; i < input.Length; i++)
            input[i] = (short)random.Next(-20_000, 20_000);
        var whole = new short[outputRate];
        Resampler.Create(inputRate, outputRate).Process(input, whole);

        var pieces = new short[outputRate];
        var resampler = Resampler.Create(inputRate, outputRate);
        for (var ms = 0; ms < 1000;)
        {
            var length = Math.Min(random.Next(1, 45), 1000 - ms);
            resampler.Process(input.AsSpan(ms * inputRate / 1000, length * inputRate / 1000), pieces.AsSpan(ms * outputRate / 1000));
            ms += length;
        }

        Assert.That(pieces, Is.EqualTo(whole));
    }

    [TestCaseSource(nameof(All))]
    public void Process_FullScaleSquares_ClampAndNeverWrap(int inputRate, int outputRate)
    {
        var input = new short[inputRate / 5];
        for (var i = 0; i < input.Length; i++)
            input[i] = i * 437 / inputRate % 2 == 0 ? short.MaxValue : short.MinValue;
        var output = new short[outputRate / 5];

        Resampler.Create(inputRate, outputRate).Process(input, output);

        var expected = Convolve(input, inputRate, outputRate);
        Assert.That(expected.Count(v => v is > short.MaxValue or < short.MinValue), Is.GreaterThan(10), "the test must overshoot");
        for (var i = 0; i < output.Length; i++)
            Assert.That(output[i], Is.EqualTo(Math.Clamp(expected[i], short.MinValue, short.MaxValue)).Within(0.6), $"sample {i}");
    }

    [TestCaseSource(nameof(All))]
    public void Reset_AfterSignal_IsAsNew(int inputRate, int outputRate)
    {
        var input = Tone.Make(700, inputRate, inputRate / 50, Loud);
        var (first, second) = (new short[outputRate / 50], new short[outputRate / 50]);
        var resampler = Resampler.Create(inputRate, outputRate);
        resampler.Process(input, first);
        resampler.Process(input, second);
        Assert.That(second, Is.Not.EqualTo(first));

        resampler.Reset();
        resampler.Process(input, second);

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Process_UpAndDownAgain_GivesTheSignalBack()
    {
        var up = Resampler.Create(8000, 48000);
        var down = Resampler.Create(48000, 8000);
        var (wide, narrow) = (new short[96_000], new short[16_000]);
        up.Process(Tone.Make(1013, 8000, 16_000, Loud), wide);
        down.Process(wide, narrow);

        var (amplitude, _) = Tone.Measure(narrow.AsSpan(8000), 1013, 8000);

        Assert.That(Tone.Db(amplitude / Loud), Is.EqualTo(0).Within(0.05));
        Assert.That(up.Delay + down.Delay, Is.LessThan(0.0055));
    }

    [Test]
    public void Create_EqualRates_Copies([Values(8000, 16000, 48000)] int rate)
    {
        var resampler = Resampler.Create(rate, rate);
        var input = Tone.Make(440, rate, rate / 50, Loud);
        var output = new short[rate / 50];

        Assert.That(resampler.Process(input, output), Is.EqualTo(rate / 50));
        Assert.That(output, Is.EqualTo(input));
        Assert.That(resampler.Delay, Is.Zero);
    }

    [TestCase(44100, 8000)]
    [TestCase(8000, 0)]
    public void Create_OtherRates_AreRefused(int inputRate, int outputRate)
    {
        Assert.That(() => Resampler.Create(inputRate, outputRate), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCaseSource(nameof(All))]
    public void Process_OutputTooShort_Throws(int inputRate, int outputRate)
    {
        var resampler = Resampler.Create(inputRate, outputRate);

        Assert.That(
            () => resampler.Process(new short[inputRate / 50], new short[(outputRate / 50) - 1]), Throws.InstanceOf<ArgumentException>());
    }

    [TestCaseSource(nameof(All))]
    public void Process_Warm_AllocatesNothing(int inputRate, int outputRate)
    {
        var resampler = Resampler.Create(inputRate, outputRate);
        var (input, output) = (Tone.Make(440, inputRate, inputRate / 50, Loud), new short[outputRate / 50]);

        Assert.That(AllocationMeter.Measure(() => resampler.Process(input, output)), Is.Zero);
    }

    /// <summary>One second of a tone in 20 ms frames, after one second to settle.</summary>
    private static short[] Run(int inputRate, int outputRate, int tone)
    {
        var resampler = Resampler.Create(inputRate, outputRate);
        var input = Tone.Make(tone, inputRate, 2 * inputRate, Loud);
        var output = new short[2 * outputRate];
        for (var frame = 0; frame < 100; frame++)
            resampler.Process(input.AsSpan(frame * inputRate / 50, inputRate / 50), output.AsSpan(frame * outputRate / 50));
        return output[outputRate..];
    }

    private static double[] Convolve(short[] input, int inputRate, int outputRate)
    {
        var raise = outputRate > inputRate;
        var factor = raise ? outputRate / inputRate : inputRate / outputRate;
        var taps = LowPassFilter.ForFactor(factor).Taps;
        var output = new double[(int)((long)input.Length * outputRate / inputRate)];
        for (var n = 0; n < output.Length; n++)
        {
            var newest = raise ? n : (n * factor) + factor - 1; // at the higher rate
            for (var k = 0; k < taps.Length && k <= newest; k++)
            {
                var at = newest - k;
                if (!raise)
                    output[n] += taps[k] * input[at];
                else if (at % factor == 0)
                    output[n] += taps[k] * factor * input[at / factor];
            }
        }

        return output;
    }
}
