using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Resampling;

/// <summary>Lowers the rate by a whole factor: the low-pass filter, computed only where an output is kept, four outputs at once.</summary>
internal sealed class Decimator : IResampler
{
    private const int Together = 4;

    private readonly int _factor;
    private readonly int _chunk;
    private readonly int _old;
    private readonly float[] _coefficients; // oldest sample first, zeros in front up to whole vectors
    private readonly float[] _samples;      // _old ones, then the chunk, then room for a whole group of outputs

    public Decimator(int inputRate, int outputRate)
    {
        InputRate = inputRate;
        OutputRate = outputRate;
        _factor = inputRate / outputRate;
        _chunk = inputRate / 50;
        var filter = LowPassFilter.ForFactor(_factor);
        // The last input of a group of <factor> meets the first tap: the output belongs to the group's first sample.
        Delay = (filter.GroupDelay - (_factor - 1)) / inputRate;
        var length = (filter.Taps.Length + 7) & ~7;
        _coefficients = new float[length];
        for (var k = 0; k < filter.Taps.Length; k++)
            _coefficients[length - 1 - k] = (float)filter.Taps[k];
        _old = length - _factor;
        _samples = new float[_old + _chunk + (Together * _factor)];
    }

    public int InputRate { get; }

    public int OutputRate { get; }

    public double Delay { get; }

    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        var written = input.Length / _factor;
        output = output[..written];
        while (!output.IsEmpty)
        {
            var count = Math.Min(output.Length, _chunk / _factor);
            ProcessChunk(input[..(count * _factor)], output[..count]);
            input = input[(count * _factor)..];
            output = output[count..];
        }

        return written;
    }

    public void Reset() => Array.Clear(_samples);

    private void ProcessChunk(ReadOnlySpan<short> input, Span<short> output)
    {
        SampleVectors.ToSingle(input, _samples.AsSpan(_old));
        ref var samples = ref MemoryMarshal.GetArrayDataReference(_samples);
        ref var coefficients = ref MemoryMarshal.GetArrayDataReference(_coefficients);
        var length = (nuint)_coefficients.Length;
        var step = (nuint)_factor;
        for (var n = 0; n < output.Length; n += Together)
        {
            var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            var at = (nuint)(n * _factor);
            for (nuint k = 0; k < length; k += 8, at += 8)
            {
                var factor = Vector256.LoadUnsafe(ref coefficients, k);
                a = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref samples, at), factor, a);
                b = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref samples, at + step), factor, b);
                c = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref samples, at + (2 * step)), factor, c);
                d = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref samples, at + (3 * step)), factor, d);
            }

            output[n] = SampleVectors.ToInt16(Vector256.Sum(a));
            if (n + 1 < output.Length)
                output[n + 1] = SampleVectors.ToInt16(Vector256.Sum(b));
            if (n + 2 < output.Length)
                output[n + 2] = SampleVectors.ToInt16(Vector256.Sum(c));
            if (n + 3 < output.Length)
                output[n + 3] = SampleVectors.ToInt16(Vector256.Sum(d));
        }

        _samples.AsSpan(input.Length, _old).CopyTo(_samples);
    }
}
