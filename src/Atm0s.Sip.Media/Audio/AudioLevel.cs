using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Audio;

/// <summary>How loud a frame of 16-bit PCM is. Exact sums, no allocation.</summary>
public static class AudioLevel
{
    /// <summary>The level of silence on the scale of <see cref="Measure"/>.</summary>
    public const int Silence = 127;

    /// <summary>
    /// The level that RFC 6464 §3 sends: -dBov of the frame's RMS, 0 (as loud as can be) to 127 (digital silence). A full-scale sine is 3.
    /// </summary>
    /// <param name="pcm">The frame. An empty one is silence.</param>
    public static int Measure(ReadOnlySpan<short> pcm)
    {
        if (pcm.IsEmpty)
            return Silence;
        return FromEnergy(SumOfSquares(pcm) / (double)pcm.Length);
    }

    /// <summary>The level of RFC 6464 for a mean square.</summary>
    /// <param name="meanSquare">Mean of the squared 16-bit samples, 0 to 2^30.</param>
    public static int FromEnergy(double meanSquare)
    {
        if (meanSquare <= 0)
            return Silence;
        // dBov: 0 dBov is a signal that is at full scale all the time.
        var level = -10 * Math.Log10(meanSquare / (32768.0 * 32768.0));
        return (int)Math.Clamp(Math.Round(level), 0, Silence);
    }

    /// <summary>Root mean square of the frame, 0 to 32,768.</summary>
    /// <param name="pcm">The frame; 0 when empty.</param>
    public static double Rms(ReadOnlySpan<short> pcm) => pcm.IsEmpty ? 0 : Math.Sqrt(SumOfSquares(pcm) / (double)pcm.Length);

    /// <summary>Greatest magnitude in the frame, 0 to 32,768.</summary>
    /// <param name="pcm">The frame; 0 when empty.</param>
    public static int Peak(ReadOnlySpan<short> pcm)
    {
        ref var source = ref MemoryMarshal.GetReference(pcm);
        var (least, most) = (Vector256<short>.Zero, Vector256<short>.Zero);
        var i = 0;
        for (; i <= pcm.Length - 16; i += 16)
        {
            var samples = Vector256.LoadUnsafe(ref source, (nuint)i);
            least = Vector256.Min(least, samples);
            most = Vector256.Max(most, samples);
        }

        var peak = 0;
        for (var lane = 0; lane < 16; lane++)
            peak = Math.Max(peak, Math.Max(most[lane], -least[lane]));
        for (; i < pcm.Length; i++)
            peak = Math.Max(peak, Math.Abs((int)pcm[i]));
        return peak;
    }

    /// <summary>Sum of the squared samples, exact.</summary>
    /// <param name="pcm">The frame.</param>
    public static long SumOfSquares(ReadOnlySpan<short> pcm)
    {
        ref var source = ref MemoryMarshal.GetReference(pcm);
        var sums = Vector256<ulong>.Zero;
        var i = 0;
        for (; i <= pcm.Length - 16; i += 16)
        {
            var samples = Vector256.LoadUnsafe(ref source, (nuint)i);
            var low = Vector256.WidenLower(samples);
            var high = Vector256.WidenUpper(samples);
            // Two squares are at most 2^31: they fit a lane without sign.
            var squares = ((low * low) + (high * high)).AsUInt64();
            sums += (squares & Vector256.Create(0xFFFFFFFFUL)) + (squares >> 32);
        }

        var sum = (long)Vector256.Sum(sums);
        for (; i < pcm.Length; i++)
            sum += pcm[i] * pcm[i];
        return sum;
    }
}
