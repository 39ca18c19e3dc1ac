namespace Atm0s.Sip.Media.Resampling;

/// <summary>
/// Kaiser-windowed sinc low-pass filters at the higher of two rates. Their cut-off is half the lower rate, so that the transition band
/// lies symmetrical about it: what folds back lands above the pass-band.
/// </summary>
internal sealed class LowPassFilter
{
    // Length by Kaiser's estimate, A = 7.95 + 14.36 * (N - 1) * transition / rate, with a little to spare.
    // Lower rate 8 kHz: 3.4 to 4.6 kHz, 44 taps per input sample. Lower rate 16 kHz: 7.2 to 8.8 kHz, 64 taps.
    // Computed from the taps: stop-band -98.6 dB or better in all three, pass-band within 0.0002 dB.
    private const double Attenuation = 98;

    private static readonly LowPassFilter By2 = new(2, 44);
    private static readonly LowPassFilter By3 = new(3, 64);
    private static readonly LowPassFilter By6 = new(6, 44);

    private LowPassFilter(int factor, int tapsPerPhase)
    {
        Factor = factor;
        TapsPerPhase = tapsPerPhase;
        Taps = Design(factor, factor * tapsPerPhase);
    }

    /// <summary>Higher rate / lower rate.</summary>
    public int Factor { get; }

    /// <summary>Taps that meet a sample of the lower rate.</summary>
    public int TapsPerPhase { get; }

    /// <summary>The impulse response; its sum is 1.</summary>
    public double[] Taps { get; }

    /// <summary>Group delay, in samples of the higher rate.</summary>
    public double GroupDelay => (Taps.Length - 1) / 2.0;

    public static LowPassFilter ForFactor(int factor) => factor switch
    {
        2 => By2,
        3 => By3,
        6 => By6,
        _ => throw new ArgumentOutOfRangeException(nameof(factor), factor, "Factors are 2, 3 and 6."),
    };

    private static double[] Design(int factor, int length)
    {
        const double Beta = 0.1102 * (Attenuation - 8.7);
        var taps = new double[length];
        var centre = (length - 1) / 2.0;
        for (var i = 0; i < length; i++)
        {
            var x = (i - centre) / factor; // in samples of the lower rate; the length is even, so never 0
            var across = (i - centre) / centre;
            taps[i] = Math.Sin(Math.PI * x) / (Math.PI * x) * Bessel(Beta * Math.Sqrt(1 - (across * across)));
        }

        var sum = taps.Sum();
        for (var i = 0; i < length; i++)
            taps[i] /= sum;
        return taps;
    }

    /// <summary>Modified Bessel function of the first kind, order 0.</summary>
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }
}
