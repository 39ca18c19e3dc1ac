namespace Atm0s.Sip.Media.Resampling;

/// <summary>Equal rates: a copy.</summary>
internal sealed class PassThroughResampler(int rate) : IResampler
{
    public int InputRate => rate;

    public int OutputRate => rate;

    public double Delay => 0;

    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        input.CopyTo(output);
        return input.Length;
    }

    public void Reset()
    {
    }
}
