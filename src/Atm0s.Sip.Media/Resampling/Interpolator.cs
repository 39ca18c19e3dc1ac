using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Resampling;

/// <summary>
/// Raises the rate by a whole factor: one sub-filter for each of the <c>factor</c> outputs of an input sample. The vectors run along
/// time, 32 inputs at once per sub-filter, so no sum across lanes is needed.
/// </summary>
internal sealed class Interpolator : IResampler
{
    private const int Block = 32;

    private readonly int _factor;
    private readonly int _taps;
    private readonly int _chunk;
    private readonly float[] _coefficients; // sub-filter after sub-filter, newest sample first
    private readonly float[] _samples;      // _taps - 1 old ones, then the chunk, then room for a whole block
    private readonly short[] _outputs;      // sub-filter after sub-filter

    public Interpolator(int inputRate, int outputRate)
    {
        InputRate = inputRate;
        OutputRate = outputRate;
        _factor = outputRate / inputRate;
        _chunk = inputRate / 50;
        var filter = LowPassFilter.ForFactor(_factor);
        _taps = filter.TapsPerPhase;
        Delay = filter.GroupDelay / outputRate;
        _coefficients = new float[_taps * _factor];
        for (var phase = 0; phase < _factor; phase++)
        {
            // Between the samples stand zeros, so the gain is the factor.
            for (var k = 0; k < _taps; k++)
                _coefficients[(phase * _taps) + k] = (float)(filter.Taps[(k * _factor) + phase] * _factor);
        }

        var padded = (_chunk + Block - 1) / Block * Block;
        _samples = new float[_taps - 1 + padded];
        _outputs = new short[padded * _factor];
    }

    public int InputRate { get; }

    public int OutputRate { get; }

    public double Delay { get; }

    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        var written = input.Length * _factor;
        output = output[..written];
        while (!input.IsEmpty)
        {
            var count = Math.Min(input.Length, _chunk);
            ProcessChunk(input[..count], output);
            input = input[count..];
            output = output[(count * _factor)..];
        }

        return written;
    }

    public void Reset() => Array.Clear(_samples);

    private void ProcessChunk(ReadOnlySpan<short> input, Span<short> output)
    {
        var old = _taps - 1;
        SampleVectors.ToSingle(input, _samples.AsSpan(old));
        var stride = _outputs.Length / _factor;
        for (var phase = 0; phase < _factor; phase++)
            Filter(_coefficients.AsSpan(phase * _taps, _taps), input.Length, _outputs.AsSpan(phase * stride, stride));

        Interleave(input.Length, stride, output);
        _samples.AsSpan(input.Length, old).CopyTo(_samples);
    }

    /// <summary>y[n] = sum of c[k] * x[n - k], whole blocks of n.</summary>
    private void Filter(ReadOnlySpan<float> coefficients, int count, Span<short> output)
    {
        ref var samples = ref MemoryMarshal.GetArrayDataReference(_samples);
        ref var target = ref MemoryMarshal.GetReference(output);
        for (var n = 0; n < count; n += Block)
        {
            var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            var at = (nuint)(n + _taps - 1);
            foreach (var coefficient in coefficients)
            {
                var factor = Vector256.Create(coefficient);
                a = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref samples, at), factor, a);
                b = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref samples, at + 8), factor, b);
                c = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref samples, at + 16), factor, c);
                d = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref samples, at + 24), factor, d);
                at--;
            }

            SampleVectors.ToInt16(a, b).StoreUnsafe(ref target, (nuint)n);
            SampleVectors.ToInt16(c, d).StoreUnsafe(ref target, (nuint)n + 16);
        }
    }

    private void Interleave(int count, int stride, Span<short> output)
    {
        for (var phase = 0; phase < _factor; phase++)
        {
            var source = _outputs.AsSpan(phase * stride, count);
            for (int n = 0, o = phase; n < source.Length; n++, o += _factor)
                output[o] = source[n];
        }
    }
}
