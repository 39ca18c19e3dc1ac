namespace Atm0s.Sip.Media.Mixing;

/// <summary>Makes a frame louder or softer. Allocates nothing.</summary>
public static class AudioGain
{
    private const int One = 1 << Shift;
    private const int Shift = 12;

    /// <summary>Least gain, in dB.</summary>
    public const double Min = -40;

    /// <summary>Greatest gain, in dB.</summary>
    public const double Max = 20;

    /// <summary>The factor of a gain, for <see cref="Apply"/>.</summary>
    /// <param name="decibels"><see cref="Min"/> to <see cref="Max"/>; 0 changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range, or no number.</exception>
    public static int ToFactor(double decibels)
    {
        if (decibels is not (>= Min and <= Max))
            throw new ArgumentOutOfRangeException(nameof(decibels), decibels, "The gain is from -40 to +20 dB.");
        return (int)Math.Round(One * Math.Pow(10, decibels / 20));
    }

    /// <summary>Multiplies every sample, clamped.</summary>
    /// <param name="frame">The samples.</param>
    /// <param name="factor">From <see cref="ToFactor"/>.</param>
    public static void Apply(Span<short> frame, int factor)
    {
        if (factor == One) return;
        // 32768 * 40960 fits into 31 bits.
        foreach (ref var sample in frame) sample = (short)Math.Clamp(((sample * factor) + (One / 2)) >> Shift, short.MinValue, short.MaxValue);
    }
}
