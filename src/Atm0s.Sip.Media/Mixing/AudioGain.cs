namespace Atm0s.Sip.Media.Mixing;

/// <summary>Makes a frame louder or softer. Allocates nothing.</summary>
internal static class AudioGain
{
    /// <summary>The factor that changes nothing.</summary>
    public const int One = 1 << Shift;

    /// <summary>Least gain, in dB.</summary>
    public const double Min = -40;

    /// <summary>Greatest gain, in dB.</summary>
    public const double Max = 20;

    /// <summary>Factor of <see cref="Max"/>: more does not fit into 31 bits with a sample.</summary>
    public const int MaxFactor = 10 * One;

    private const int Shift = 12;

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
    /// <param name="factor">From <see cref="ToFactor"/>, or 0.</param>
    public static void Apply(Span<short> frame, int factor)
    {
        if (factor == One)
            return;
        foreach (ref var sample in frame)
            sample = Multiply(sample, factor);
    }

    /// <summary>Multiplies while the factor goes from one to another in the first half of the frame; the rest has the second.</summary>
    /// <param name="frame">20 ms, so that the way takes 10 ms.</param>
    /// <param name="from">Factor of the frame before.</param>
    /// <param name="to">Factor of the next one.</param>
    public static void Ramp(Span<short> frame, int from, int to)
    {
        var length = frame.Length / 2;
        for (var i = 0; i < length; i++)
            frame[i] = Multiply(frame[i], from + ((to - from) * (i + 1) / length));
        Apply(frame[length..], to);
    }

    // 32768 * 40960 fits into 31 bits.
    private static short Multiply(short sample, int factor) =>
        (short)Math.Clamp(((sample * factor) + (One / 2)) >> Shift, short.MinValue, short.MaxValue);
}
