namespace Atm0s.Sip.Sounds;

/// <summary>
/// Changes the rate of a whole recording, between any two rates: a windowed sinc of 32 zero crossings, one set of taps for each place
/// between two samples. For files; what is heard as it comes goes through <see cref="RateChain"/>.
/// </summary>
internal static class RateConverter
{
    private const int Crossings = 16;   // on each side
    private const int MaxPhases = 2048;

    public static short[] Convert(ReadOnlySpan<short> input, int inputRate, int outputRate)
    {
        if (inputRate == outputRate)
            return input.ToArray();
        var output = new short[(int)((long)input.Length * outputRate / inputRate)];
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(inputRate, outputRate);
        var phases = Math.Min(outputRate / divisor, MaxPhases);
        var cut = Math.Min(1, (double)outputRate / inputRate) * 0.94;
        var half = (int)Math.Ceiling(Crossings / cut);
        var taps = Taps(phases, half, cut);
        for (var n = 0; n < output.Length; n++)
        {
            var position = (long)n * inputRate;
            var at = (int)(position / outputRate);
            var phase = (int)(position % outputRate * phases / outputRate);
            output[n] = Sum(input, at - half + 1, taps.AsSpan(phase * half * 2, half * 2));
        }

        return output;
    }

    private static short Sum(ReadOnlySpan<short> input, int first, ReadOnlySpan<float> taps)
    {
        var from = Math.Max(0, -first);
        var to = Math.Min(taps.Length, input.Length - first);
        var sum = 0f;
        for (var k = from; k < to; k++)
            sum += input[first + k] * taps[k];
        return (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
    }

    // Each set has the sum 1, so that a constant stays one.
    private static float[] Taps(int phases, int half, double cut)
    {
        var taps = new float[phases * half * 2];
        var set = new double[half * 2];
        for (var phase = 0; phase < phases; phase++)
        {
            var sum = 0.0;
            for (var k = 0; k < set.Length; k++)
            {
                var x = k - half + 1 - ((double)phase / phases);
                var window = 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(x / half, -1, 1)));
                set[k] = window * (x == 0 ? 1 : Math.Sin(Math.PI * x * cut) / (Math.PI * x * cut));
                sum += set[k];
            }

            for (var k = 0; k < set.Length; k++)
                taps[(phase * set.Length) + k] = (float)(set[k] / sum);
        }

        return taps;
    }
}
