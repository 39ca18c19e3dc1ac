namespace Atm0s.Sip.Media.Tests.ComfortNoise;

/// <summary>Noises of known level and colour, and how to measure them.</summary>
internal static class Noise
{
    private const int Length = 128; // of a transform
    private static readonly double[] Cosines = [.. Enumerable.Range(0, Length).Select(i => Math.Cos(2 * Math.PI * i / Length))];

    /// <summary>White noise run through y(n) = x(n) - a1 y(n-1) - a2 y(n-2), at a level in dBov.</summary>
    public static short[] Make(int samples, double level, double a1 = 0, double a2 = 0, int seed = 1)
    {
        var random = new Random(seed);
        var signal = new double[samples];
        double y1 = 0, y2 = 0;
        for (var i = -200; i < samples; i++)
        {
            // Twelve evenly spread numbers make a bell.
            var x = -6.0;
            for (var n = 0; n < 12; n++)
                x += random.NextDouble();
            var y = x - (a1 * y1) - (a2 * y2);
            (y2, y1) = (y1, y);
            if (i >= 0)
                signal[i] = y;
        }

        var scale = 32768 * Math.Pow(10, level / 20) / Math.Sqrt(signal.Average(s => s * s));
        return [.. signal.Select(s => (short)Math.Clamp(Math.Round(s * scale), short.MinValue, short.MaxValue))];
    }

    public static double Level(ReadOnlySpan<short> pcm) => Tone.Db(Tone.Rms(pcm) / 32768);

    /// <summary>Power in each of <paramref name="count"/> equal bands up to half the rate, in dB against the whole.</summary>
    public static double[] Bands(ReadOnlySpan<short> pcm, int count)
    {
        var bands = new double[count];
        var windowed = new double[Length];
        for (var start = 0; start + Length <= pcm.Length; start += Length)
        {
            for (var i = 0; i < Length; i++)
                windowed[i] = (0.5 - (0.5 * Cosines[i])) * pcm[start + i];
            for (var bin = 1; bin < Length / 2; bin++)
            {
                double re = 0, im = 0;
                for (var i = 0; i < Length; i++)
                {
                    re += windowed[i] * Cosines[bin * i % Length];
                    im += windowed[i] * Cosines[((bin * i) + (Length / 4)) % Length];
                }

                bands[bin * count * 2 / Length] += (re * re) + (im * im);
            }
        }

        var sum = bands.Sum();
        return [.. bands.Select(b => 10 * Math.Log10((b / sum) + 1e-9))];
    }
}
