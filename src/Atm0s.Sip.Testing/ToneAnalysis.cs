using Atm0s.Sip.Testing.Signals;

namespace Atm0s.Sip.Testing;

/// <summary>Frequencies, levels, noise and gaps of recorded tones.</summary>
public static class ToneAnalysis
{
    private const double Floor = 1e-12;
    private const float Loud = 0.01f; // -40 dBFS
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Block = TimeSpan.FromMilliseconds(100);

    /// <summary>The part from the first to the last loud sample, less <paramref name="margin"/> at either end.</summary>
    public static WavFile Body(this WavFile audio, TimeSpan margin)
    {
        ArgumentNullException.ThrowIfNull(audio);
        var first = Array.FindIndex(audio.Samples, sample => Math.Abs(sample) > Loud);
        var last = Array.FindLastIndex(audio.Samples, sample => Math.Abs(sample) > Loud);
        var skip = (int)(margin.TotalSeconds * audio.SampleRate);
        var length = last - first + 1 - (2 * skip);
        return first < 0 || length <= 0
            ? audio with { Samples = [] }
            : audio with { Samples = audio.Samples[(first + skip)..(first + skip + length)] };
    }

    /// <summary>What comes after the first part of it.</summary>
    public static WavFile From(this WavFile audio, TimeSpan start)
    {
        ArgumentNullException.ThrowIfNull(audio);
        return audio with { Samples = audio.Samples[Math.Min(audio.Samples.Length, (int)(start.TotalSeconds * audio.SampleRate))..] };
    }

    /// <summary>The last part of it.</summary>
    public static WavFile End(this WavFile audio, TimeSpan length)
    {
        ArgumentNullException.ThrowIfNull(audio);
        return audio with { Samples = [.. audio.Samples.TakeLast((int)(length.TotalSeconds * audio.SampleRate))] };
    }

    /// <summary>The strongest frequency in Hz, to some hundredths; 0 when there is no audio.</summary>
    public static double StrongestFrequency(this WavFile audio)
    {
        ArgumentNullException.ThrowIfNull(audio);
        var size = Fourier.LargestPowerOfTwo(Math.Min(audio.Samples.Length, 1 << 16));
        if (size < 64)
            return 0;
        var windowed = Fourier.Hann(audio.Samples.AsSpan((audio.Samples.Length - size) / 2, size));
        var power = Fourier.Power(windowed);
        var peak = 2;
        for (var bin = 3; bin < power.Length; bin++)
        {
            if (power[bin] > power[peak])
                peak = bin;
        }

        double binWidth = (double)audio.SampleRate / size, low = (peak - 1) * binWidth, high = (peak + 1) * binWidth;
        while (high - low > 0.001) // ternary search for the top of the main lobe
        {
            double left = low + ((high - low) / 3), right = high - ((high - low) / 3);
            if (Fourier.PowerAt(windowed, left / audio.SampleRate) < Fourier.PowerAt(windowed, right / audio.SampleRate))
                low = left;
            else
                high = right;
        }

        return (low + high) / 2;
    }

    /// <summary>
    /// Fits all tones to each tenth of a second by least squares: their levels, and what is left over as noise.
    /// A fit per block forgives clocks that drift; a jump inside a block counts as the noise it is.
    /// </summary>
    public static ToneReport Measure(this WavFile audio, params double[] frequencies) => Measure(audio, 0, frequencies);

    /// <summary>
    /// The same without the noisiest part of the blocks: for phones whose clock is the sleep of a busy machine, and that
    /// skip or repeat a frame now and then. What is wrong all the time, or more often than that, is still seen.
    /// </summary>
    /// <param name="audio">The recording.</param>
    /// <param name="leaveOut">The part of the blocks that is left out, 0 to below 1.</param>
    /// <param name="frequencies">The tones looked for, in Hz.</param>
    public static ToneReport Measure(this WavFile audio, double leaveOut, double[] frequencies)
    {
        ArgumentNullException.ThrowIfNull(audio);
        ArgumentNullException.ThrowIfNull(frequencies);
        var length = (int)(Block.TotalSeconds * audio.SampleRate);
        var blocks = new List<(double Noise, double[] Tones)>();
        for (var at = 0; at + length <= audio.Samples.Length; at += length)
        {
            var tones = new double[frequencies.Length];
            blocks.Add((ToneFit.Add(audio.Samples.AsSpan(at, length), audio.SampleRate, frequencies, tones), tones));
        }

        var kept = blocks.OrderBy(block => block.Noise).Take(blocks.Count - (int)(leaveOut * blocks.Count)).ToArray();
        var scale = 1.0 / Math.Max(1, kept.Length);
        var powers = frequencies.Select((_, tone) => scale * kept.Sum(block => block.Tones[tone])).ToArray();
        var levels = frequencies.Zip(powers, (hz, power) => (hz, Decibels(2 * power)));
        return new ToneReport(levels.ToDictionary(), Decibels(powers.Sum()) - Decibels(scale * kept.Sum(block => block.Noise)));
    }

    /// <summary>The level of everything in dBov (0 = a square of full scale; a sine of full scale has -3.01).</summary>
    public static double LevelDbov(this WavFile audio)
    {
        ArgumentNullException.ThrowIfNull(audio);
        var power = audio.Samples.Sum(sample => (double)sample * sample);
        return Decibels(power / Math.Max(1, audio.Samples.Length));
    }

    /// <summary>Stretches of at least <paramref name="shortest"/> in which nothing exceeds -40 dBFS.</summary>
    public static IReadOnlyList<SilenceGap> Gaps(this WavFile audio, TimeSpan shortest)
    {
        ArgumentNullException.ThrowIfNull(audio);
        var gaps = new List<SilenceGap>();
        var window = (int)(Window.TotalSeconds * audio.SampleRate);
        int windows = audio.Samples.Length / window, start = -1;
        for (var i = 0; i <= windows; i++)
        {
            var silent = i < windows && !audio.Samples.AsSpan(i * window, window).ContainsAnyExceptInRange(-Loud, Loud);
            if (silent)
            {
                if (start < 0)
                    start = i;
                continue;
            }

            if (start >= 0 && (i - start) * Window >= shortest)
                gaps.Add(new SilenceGap(start * Window, (i - start) * Window));
            start = -1;
        }

        return gaps;
    }

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power, Floor));
}
