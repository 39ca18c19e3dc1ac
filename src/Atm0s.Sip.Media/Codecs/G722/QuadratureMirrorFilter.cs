using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Codecs.G722;

/// <summary>The 24 taps that split 16 kHz into two bands and join them again (ITU-T G.722 §3.1, §4.4, table 4).</summary>
internal static class QuadratureMirrorFilter
{
    /// <summary>Samples that a pair at the end of the window looks back at, itself included.</summary>
    public const int Taps = 24;

    private static readonly int[] Coefficients =
    [
        3, -11, -11, 53, 12, -156, 32, 362, -210, -805, 951, 3876,
        3876, 951, -805, -210, 362, 32, -156, 12, 53, -11, -11, 3,
    ];

    /// <summary>The filter over the samples of even place and over those of odd place.</summary>
    /// <param name="window">Has 24 samples of 16 bits from <paramref name="at"/> on, the oldest first.</param>
    /// <param name="at">Where to start.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int Even, int Odd) Apply(int[] window, int at)
    {
        ref var samples = ref MemoryMarshal.GetReference(window.AsSpan(at, Taps));
        ref var taps = ref MemoryMarshal.GetArrayDataReference(Coefficients);
        var sum = Vector256.LoadUnsafe(ref samples) * Vector256.LoadUnsafe(ref taps);
        sum += Vector256.LoadUnsafe(ref samples, 8) * Vector256.LoadUnsafe(ref taps, 8);
        sum += Vector256.LoadUnsafe(ref samples, 16) * Vector256.LoadUnsafe(ref taps, 16);
        var pairs = sum.GetLower() + sum.GetUpper();
        return (pairs[0] + pairs[2], pairs[1] + pairs[3]);
    }
}
