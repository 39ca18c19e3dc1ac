using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Codecs.G711;

/// <summary>
/// ITU-T G.711 mu-law (PCMU), bit-exact: 16-bit linear PCM to 8-bit codes and back. A sample that lies exactly on a decision value
/// is resolved as ITU-T G.191 resolves it (negative samples are taken as ones' complement), so -32768 is full scale.
/// </summary>
public static class MuLaw
{
    private const short Bias = 33 << 2; // G.711 Table 2: segments double once 33 (of 14 bits) is added.

    /// <summary>Encodes linear PCM.</summary>
    /// <param name="pcm">16-bit samples.</param>
    /// <param name="output">Receives one byte per sample.</param>
    /// <returns>Bytes written, the number of samples.</returns>
    /// <exception cref="ArgumentException"><paramref name="output"/> is shorter than <paramref name="pcm"/>.</exception>
    public static int Encode(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        if (output.Length < pcm.Length)
            G711Vectors.ThrowTooShort(nameof(output));
        var done = Vector256.IsHardwareAccelerated ? EncodeVector256(pcm, output)
            : Vector128.IsHardwareAccelerated ? EncodeVector128(pcm, output) : 0;
        EncodeScalar(pcm[done..], output[done..]);
        return pcm.Length;
    }

    /// <summary>Decodes mu-law codes.</summary>
    /// <param name="payload">One code per byte.</param>
    /// <param name="pcm">Receives one 16-bit sample per code.</param>
    /// <returns>Samples written, the number of codes.</returns>
    /// <exception cref="ArgumentException"><paramref name="pcm"/> is shorter than <paramref name="payload"/>.</exception>
    public static int Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        if (pcm.Length < payload.Length)
            G711Vectors.ThrowTooShort(nameof(pcm));
        var done = Vector256.IsHardwareAccelerated ? DecodeVector256(payload, pcm)
            : Vector128.IsHardwareAccelerated ? DecodeVector128(payload, pcm) : 0;
        DecodeScalar(payload[done..], pcm[done..]);
        return payload.Length;
    }

    /// <summary>Encodes one sample.</summary>
    /// <param name="sample">16-bit linear PCM.</param>
    public static byte Encode(short sample)
    {
        var magnitude = Math.Min((sample < 0 ? ~sample : sample) + Bias, short.MaxValue);
        var top = BitOperations.Log2((uint)magnitude);
        var code = ((top - 7) << 4) | ((magnitude >> (top - 4)) & 15);
        return (byte)(code ^ (sample < 0 ? 0x7F : 0xFF));
    }

    /// <summary>Decodes one code.</summary>
    /// <param name="code">The mu-law code as sent.</param>
    public static short Decode(byte code)
    {
        var bits = ~code;
        var value = ((((bits & 15) << 3) | Bias) << ((bits >> 4) & 7)) - Bias;
        return (short)((bits & 0x80) != 0 ? -value : value);
    }

    internal static void EncodeScalar(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        for (var i = 0; i < pcm.Length; i++)
            output[i] = Encode(pcm[i]);
    }

    internal static void DecodeScalar(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        for (var i = 0; i < payload.Length; i++)
            pcm[i] = Decode(payload[i]);
    }

    internal static int EncodeVector256(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        ref var source = ref MemoryMarshal.GetReference(pcm);
        ref var target = ref MemoryMarshal.GetReference(output);
        var i = 0;
        for (; i <= pcm.Length - 32; i += 32)
        {
            var low = Codes(Vector256.LoadUnsafe(ref source, (nuint)i));
            var high = Codes(Vector256.LoadUnsafe(ref source, (nuint)i + 16));
            Vector256.Narrow(low, high).StoreUnsafe(ref target, (nuint)i);
        }

        return i;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<ushort> Codes(Vector256<short> samples)
        {
            var sign = samples >> 15;
            var magnitude = Vector256.AddSaturate(samples ^ sign, Vector256.Create(Bias)).AsUInt16();
            var code = G711Vectors.ExponentAndStep(magnitude) - Vector256.Create((short)G711Vectors.ExponentBias);
            return (code ^ Vector256.Create((short)0xFF) ^ (sign & Vector256.Create((short)0x80))).AsUInt16();
        }
    }

    internal static int EncodeVector128(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        ref var source = ref MemoryMarshal.GetReference(pcm);
        ref var target = ref MemoryMarshal.GetReference(output);
        var i = 0;
        for (; i <= pcm.Length - 16; i += 16)
        {
            var low = Codes(Vector128.LoadUnsafe(ref source, (nuint)i));
            var high = Codes(Vector128.LoadUnsafe(ref source, (nuint)i + 8));
            Vector128.Narrow(low, high).StoreUnsafe(ref target, (nuint)i);
        }

        return i;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<ushort> Codes(Vector128<short> samples)
        {
            var sign = samples >> 15;
            var magnitude = Vector128.AddSaturate(samples ^ sign, Vector128.Create(Bias)).AsUInt16();
            var code = G711Vectors.ExponentAndStep(magnitude) - Vector128.Create((short)G711Vectors.ExponentBias);
            return (code ^ Vector128.Create((short)0xFF) ^ (sign & Vector128.Create((short)0x80))).AsUInt16();
        }
    }

    internal static int DecodeVector256(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        ref var source = ref MemoryMarshal.GetReference(payload);
        ref var target = ref MemoryMarshal.GetReference(pcm);
        var i = 0;
        for (; i <= payload.Length - 16; i += 16)
        {
            var (step, factor, positive) = Terms(Vector128.LoadUnsafe(ref source, (nuint)i));
            var value = Vector256.Create(Bias) - (G711Vectors.Widen(step) * G711Vectors.Widen(factor));
            var sign = G711Vectors.Widen(positive) >> 15;
            ((value ^ sign) - sign).StoreUnsafe(ref target, (nuint)i);
        }

        return i;
    }

    internal static int DecodeVector128(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        ref var source = ref MemoryMarshal.GetReference(payload);
        ref var target = ref MemoryMarshal.GetReference(pcm);
        var i = 0;
        for (; i <= payload.Length - 16; i += 16)
        {
            var (step, factor, positive) = Terms(Vector128.LoadUnsafe(ref source, (nuint)i));
            var low = Vector128.Create(Bias) - (Vector128.WidenLower(step) * Vector128.WidenLower(factor)).AsInt16();
            var high = Vector128.Create(Bias) - (Vector128.WidenUpper(step) * Vector128.WidenUpper(factor)).AsInt16();
            var lowSign = Vector128.WidenLower(positive) >> 15;
            var highSign = Vector128.WidenUpper(positive) >> 15;
            ((low ^ lowSign) - lowSign).StoreUnsafe(ref target, (nuint)i);
            ((high ^ highSign) - highSign).StoreUnsafe(ref target, (nuint)i + 8);
        }

        return i;
    }

    /// <summary>
    /// -|value| = bias - step * factor; the top bit of the third says that the value is positive. The codes are not inverted first:
    /// .NET 10 makes of that a vpternlog that waits for the round before, which costs five times the rest.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Step, Vector128<byte> Factor, Vector128<sbyte> Positive) Terms(Vector128<byte> codes)
    {
        var low = Vector128.Create((byte)15);
        var index = (codes.AsUInt16() >> 4).AsByte() & low;
        var factor = Vector128.ShuffleNative(
            Vector128.Create((byte)128, 64, 32, 16, 8, 4, 2, 1, 128, 64, 32, 16, 8, 4, 2, 1), index);
        var step = (((codes & low) ^ low).AsUInt16() << 3).AsByte() | Vector128.Create((byte)Bias);
        return (step, factor, codes.AsSByte());
    }
}
