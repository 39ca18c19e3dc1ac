using Atm0s.Sip.Media.Resampling;

namespace Atm0s.Sip.Sounds;

/// <summary>A resampler between any two of 8, 16, 24 and 48 kHz: what has no filter of its own goes over 48 kHz.</summary>
internal sealed class RateChain : IResampler
{
    private readonly IResampler _first;
    private readonly IResampler _second;
    private readonly short[] _between;

    private RateChain(int inputRate, int outputRate)
    {
        _first = Resampler.Create(inputRate, 48_000);
        _second = Resampler.Create(48_000, outputRate);
        _between = new short[48_000 / 50];
    }

    public int InputRate => _first.InputRate;

    public int OutputRate => _second.OutputRate;

    public double Delay => _first.Delay + _second.Delay;

    /// <summary>The resampler, or null when the rates are the same.</summary>
    public static IResampler? Between(int inputRate, int outputRate) =>
        inputRate == outputRate ? null
        : (inputRate == 24_000 && outputRate != 48_000) || (outputRate == 24_000 && inputRate != 48_000)
            ? new RateChain(inputRate, outputRate)
            : Resampler.Create(inputRate, outputRate);

    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        var step = InputRate / 50;
        var written = 0;
        while (!input.IsEmpty)
        {
            var part = input[..Math.Min(step, input.Length)];
            var between = _between.AsSpan(0, _first.Process(part, _between));
            written += _second.Process(between, output[written..]);
            input = input[part.Length..];
        }

        return written;
    }

    public void Reset()
    {
        _first.Reset();
        _second.Reset();
    }
}
