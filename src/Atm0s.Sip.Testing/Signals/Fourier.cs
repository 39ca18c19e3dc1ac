using System.Numerics;

namespace Atm0s.Sip.Testing.Signals;

/// <summary>Spectra of short real signals.</summary>
internal static class Fourier
{
    public static int LargestPowerOfTwo(int limit) => limit < 1 ? 0 : 1 << BitOperations.Log2((uint)limit);

    public static double[] Hann(ReadOnlySpan<float> samples)
    {
        var windowed = new double[samples.Length];
        for (var i = 0; i < windowed.Length; i++)
            windowed[i] = samples[i] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / windowed.Length)));
        return windowed;
    }

    /// <summary>Power of the bins 0 to n/2 - 1; the length is a power of two.</summary>
    public static double[] Power(double[] samples)
    {
        var values = Array.ConvertAll(samples, sample => new Complex(sample, 0));
        Transform(values);
        return [.. values.Take(values.Length / 2).Select(value => (value.Real * value.Real) + (value.Imaginary * value.Imaginary))];
    }

    /// <summary>Power at any frequency (in cycles per sample), by Goertzel.</summary>
    public static double PowerAt(double[] samples, double cyclesPerSample)
    {
        double factor = 2 * Math.Cos(2 * Math.PI * cyclesPerSample), last = 0, before = 0;
        foreach (var sample in samples)
            (last, before) = (sample + (factor * last) - before, last);
        return (last * last) + (before * before) - (factor * last * before);
    }

    private static void Transform(Complex[] values)
    {
        for (int i = 1, j = 0; i < values.Length; i++)
        {
            var bit = values.Length >> 1;
            for (; (j & bit) != 0; bit >>= 1)
                j ^= bit;
            j ^= bit;
            if (i < j)
                (values[i], values[j]) = (values[j], values[i]);
        }

        for (var length = 2; length <= values.Length; length <<= 1)
        {
            for (var k = 0; k < length / 2; k++)
            {
                var turn = Complex.FromPolarCoordinates(1, -2 * Math.PI * k / length);
                for (var i = k; i < values.Length; i += length)
                {
                    var odd = values[i + (length / 2)] * turn;
                    (values[i], values[i + (length / 2)]) = (values[i] + odd, values[i] - odd);
                }
            }
        }
    }
}
