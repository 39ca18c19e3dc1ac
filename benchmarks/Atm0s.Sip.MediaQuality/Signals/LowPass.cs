namespace Atm0s.Sip.MediaQuality.Signals;

/// <summary>
/// Changes of rate by whole factors with a long windowed sinc: of no delay, 90 dB beyond its band. Not the library's own
/// resampler, which is what is measured.
/// </summary>
internal static class LowPass
{
    private const int HalfLength = 48; // in samples of the lower rate
    private const double Beta = 9; // Kaiser: about 90 dB
    private const double Widest = 0.965; // of the lower Nyquist frequency: flat to 3.7 of 4 kHz

    /// <summary>Down to another rate; the same array when it is that already.</summary>
    public static float[] Change(float[] samples, int from, int to) => from == to ? samples
        : from % to == 0 ? Down(samples, from / to)
        : to % from == 0 ? Up(samples, to / from)
        : Down(Up(samples, 48_000 / from), 48_000 / to);

    /// <summary>Every <paramref name="factor"/>th sample of what is left below the lower Nyquist frequency.</summary>
    /// <param name="samples">At the higher rate.</param>
    /// <param name="factor">Higher rate by lower rate.</param>
    /// <param name="cutoff">Where half of the level is left, in parts of the lower Nyquist frequency.</param>
    public static float[] Down(float[] samples, int factor, double cutoff = Widest)
    {
        var taps = Taps(factor, cutoff);
        var half = taps.Length / 2;
        var output = new float[samples.Length / factor];
        Parallel.For(0, output.Length, n =>
        {
            var at = n * factor;
            var (first, last) = (Math.Max(0, at - half), Math.Min(samples.Length - 1, at + half));
            double sum = 0;
            for (var i = first; i <= last; i++)
                sum += samples[i] * taps[at - i + half];
            output[n] = (float)(sum / factor);
        });
        return output;
    }

    /// <summary>Values between the samples.</summary>
    public static float[] Up(float[] samples, int factor)
    {
        var taps = Taps(factor, Widest);
        var half = taps.Length / 2;
        var output = new float[samples.Length * factor];
        Parallel.For(0, samples.Length, n =>
        {
            for (var phase = 0; phase < factor; phase++)
            {
                double sum = 0;
                var (first, last) = (Math.Max(0, n - HalfLength), Math.Min(samples.Length - 1, n + HalfLength));
                for (var i = first; i <= last; i++)
                {
                    var tap = ((n - i) * factor) + phase + half;
                    if (tap >= 0 && tap < taps.Length)
                        sum += samples[i] * taps[tap];
                }

                output[(n * factor) + phase] = (float)sum;
            }
        });
        return output;
    }

    private static double[] Taps(int factor, double cutoff)
    {
        var half = HalfLength * factor;
        var taps = new double[(2 * half) + 1];
        for (var i = -half; i <= half; i++)
        {
            var x = cutoff * i / factor;
            var sinc = i == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
            taps[i + half] = cutoff * sinc * Bessel(Beta * Math.Sqrt(1 - ((double)i * i / half / half))) / Bessel(Beta);
        }

        return taps;
    }

    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; k < 40; k++)
            sum += term *= x * x / (4.0 * k * k);
        return sum;
    }
}
