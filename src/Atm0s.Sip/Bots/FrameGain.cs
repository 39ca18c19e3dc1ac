namespace Atm0s.Sip.Bots;

/// <summary>Makes frames louder or softer; a change takes one frame, so that it does not click. One thread at a time.</summary>
/// <param name="start">The factor to begin with.</param>
internal sealed class FrameGain(float start = 1)
{
    private float _now = start;

    /// <summary>The factor of a gain in dB.</summary>
    public static float FactorOf(double decibels) => (float)Math.Pow(10, decibels / 20);

    /// <summary>Multiplies a frame, on the way to the factor that is wanted.</summary>
    /// <returns>False when nothing of it is heard.</returns>
    public bool Apply(Span<short> frame, float wanted)
    {
        var (from, to) = (_now, wanted);
        _now = wanted;
        if (from == 0 && to == 0)
            return false;
        if (from == 1 && to == 1)
            return true;
        var step = (to - from) / frame.Length;
        for (var i = 0; i < frame.Length; i++)
            frame[i] = (short)Math.Clamp(MathF.Round(frame[i] * (from + (step * (i + 1)))), short.MinValue, short.MaxValue);
        return true;
    }
}
