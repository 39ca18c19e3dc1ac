using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Codecs.G711;

/// <summary>What the vector forms of both laws share.</summary>
internal static class G711Vectors
{
    /// <summary>What <c>ExponentAndStep</c> gives for 128 = 2^7, the start of segment 0: (127 + 7) * 16.</summary>
    public const int ExponentBias = (127 + 7) << 4;

    /// <summary>
    /// Biased exponent * 16 + the four bits below the leading one, per 16-bit lane. An integer below 2^24 is exact as a float, whose
    /// exponent field is the segment and whose first four mantissa bits are the step: there is no vector "leading zeros" to use instead.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ExponentAndStep(Vector256<ushort> magnitude)
    {
        var pairs = magnitude.AsInt32(); // never negative: the top bit of a magnitude is clear
        var even = Vector256.ConvertToSingle(pairs & Vector256.Create(0xFFFF)).AsInt32() >>> 19;
        var odd = (Vector256.ConvertToSingle(pairs >>> 16).AsInt32() >>> 3) & Vector256.Create(unchecked((int)0xFFFF0000));
        return (even | odd).AsInt16();
    }

    /// <inheritdoc cref="ExponentAndStep(Vector256{ushort})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ExponentAndStep(Vector128<ushort> magnitude)
    {
        var pairs = magnitude.AsInt32();
        var even = Vector128.ConvertToSingle(pairs & Vector128.Create(0xFFFF)).AsInt32() >>> 19;
        var odd = (Vector128.ConvertToSingle(pairs >>> 16).AsInt32() >>> 3) & Vector128.Create(unchecked((int)0xFFFF0000));
        return (even | odd).AsInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Widen(Vector128<byte> bytes) => Vector256.WidenLower(bytes.ToVector256Unsafe()).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Widen(Vector128<sbyte> bytes) => Vector256.WidenLower(bytes.ToVector256Unsafe());

    [DoesNotReturn]
    public static void ThrowTooShort(string parameter) => throw new ArgumentException("The buffer is shorter than the input.", parameter);
}
