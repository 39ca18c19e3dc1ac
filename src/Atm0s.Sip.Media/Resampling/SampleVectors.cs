using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Resampling;

/// <summary>16-bit samples to floats and back.</summary>
internal static class SampleVectors
{
    /// <summary>Widens samples; <paramref name="output"/> is at least as long.</summary>
    public static void ToSingle(ReadOnlySpan<short> input, Span<float> output)
    {
        ref var source = ref MemoryMarshal.GetReference(input);
        ref var target = ref MemoryMarshal.GetReference(output[..input.Length]);
        var i = 0;
        for (; i <= input.Length - 16; i += 16)
        {
            var samples = Vector256.LoadUnsafe(ref source, (nuint)i);
            Vector256.ConvertToSingle(Vector256.WidenLower(samples)).StoreUnsafe(ref target, (nuint)i);
            Vector256.ConvertToSingle(Vector256.WidenUpper(samples)).StoreUnsafe(ref target, (nuint)i + 8);
        }

        for (; i < input.Length; i++)
            output[i] = input[i];
    }

    /// <summary>Rounds to nearest and clamps to 16 bits. The values are far inside the range of an int.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ToInt16(Vector256<float> low, Vector256<float> high) => Vector256.NarrowWithSaturation(
        Vector256.ConvertToInt32Native(Vector256.Round(low)), Vector256.ConvertToInt32Native(Vector256.Round(high)));

    /// <summary>Rounds to nearest and clamps to 16 bits.</summary>
    public static short ToInt16(float value) => (short)Math.Clamp(MathF.Round(value), short.MinValue, short.MaxValue);
}
