using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Atm0s.Sip.Media.Resampling;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// Brings a sum of speakers into 16 bits without clipping: a frame whose peak is beyond full scale is turned down as a whole. The gain
/// falls
/// within the first 2 ms of the frame, sooner where a peak demands it, and recovers with a time constant of 350 ms. Sums below full scale
/// pass
/// as they are once it has recovered. Allocates nothing.
/// </summary>
public static class PeakLimiter
{
    private const int FullScale = short.MaxValue;
    private const float Ceiling = 32_392;     // -0.1 dBFS: a peak turned down does not look clipped
    private const float Recovery = 0.0556f;   // 1 - exp(-20 ms / 350 ms), of the way to what is wanted, per frame
    private const float Recovered = 0.999f;

    /// <summary>Limits a frame.</summary>
    /// <param name="sums">20 ms of sums.</param>
    /// <param name="gain">The gain at the end of the frame before; 1 at first.</param>
    /// <param name="output">Receives as many samples.</param>
    /// <returns>The gain at the end of this one, above 0 to 1.</returns>
    public static float Process(ReadOnlySpan<int> sums, float gain, Span<short> output)
    {
        output = output[..sums.Length];
        var peak = Peak(sums);
        if (gain == 1 && peak <= FullScale)
        {
            Scale(sums, 1, 0, output);
            return 1;
        }

        var wanted = Math.Min(1, Ceiling / peak);
        if (wanted < gain)
        {
            var length = FallLength(sums, gain, wanted);
            Scale(sums[..length], gain, (wanted - gain) / Math.Max(1, length), output);
            Scale(sums[length..], wanted, 0, output[length..]);
            return wanted;
        }

        var end = gain + ((wanted - gain) * Recovery);
        if (end > Recovered && wanted == 1)
            end = 1;
        Scale(sums, gain, (end - gain) / sums.Length, output);
        return end;
    }

    /// <summary>Greatest magnitude, of a negative sum one less: full scale is 32767 and -32768.</summary>
    private static int Peak(ReadOnlySpan<int> sums)
    {
        var (least, greatest) = (Vector<int>.Zero, Vector<int>.Zero);
        var vectors = MemoryMarshal.Cast<int, Vector<int>>(sums);
        foreach (var vector in vectors)
        {
            least = Vector.Min(least, vector);
            greatest = Vector.Max(greatest, vector);
        }

        var peak = 0;
        for (var lane = 0; lane < Vector<int>.Count; lane++)
            peak = Math.Max(peak, Math.Max(greatest[lane], ~least[lane]));
        foreach (var sum in sums[(vectors.Length * Vector<int>.Count)..])
            peak = Math.Max(peak, Math.Max(sum, ~sum));
        return peak;
    }

    /// <summary>Samples over which the gain may fall so that none of them is beyond full scale on the way: 2 ms at most.</summary>
    private static int FallLength(ReadOnlySpan<int> sums, float from, float to)
    {
        var length = Math.Max(1, sums.Length / 10);
        for (var i = 0; i < length; i++)
        {
            // The gain of sample i is from - (from - to) * i / length.
            var limit = FullScale / Math.Max(1f, Math.Abs(sums[i]));
            if (from - ((from - to) * i / length) > limit)
                length = (int)((from - to) * i / (from - limit));
        }

        return length;
    }

    /// <summary>Multiplies; the gain of sample i is <paramref name="gain"/> + i * <paramref name="step"/>.</summary>
    private static void Scale(ReadOnlySpan<int> sums, float gain, float step, Span<short> output)
    {
        ref var source = ref MemoryMarshal.GetReference(sums);
        ref var target = ref MemoryMarshal.GetReference(output);
        var low = Vector256.Create(gain) + (Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7) * step);
        var i = 0;
        for (; i <= sums.Length - 16; i += 16)
        {
            var gains = low + Vector256.Create(i * step);
            var a = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref source, (nuint)i)) * gains;
            var b = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref source, (nuint)i + 8)) * (gains + Vector256.Create(8 * step));
            SampleVectors.ToInt16(a, b).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < sums.Length; i++)
            output[i] = SampleVectors.ToInt16(sums[i] * (gain + (i * step)));
    }
}
