using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Atm0s.Sip.Media.Codecs.G711;

/// <summary>
/// ITU-T G.711 A-law (PCMA), bit-exact: 16-bit linear PCM to 8-bit codes and back. A sample that lies exactly on a decision value
/// is resolved as ITU-T G.191 resolves it (negative samples are taken as ones' complement), so -32768 is full scale.
/// </summary>
public static class ALaw
{
    private const byte EvenBits = 0x55; // G.711 Table 1, note: even bits are inverted for transmission.

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

    /// <summary>Decodes A-law codes.</summary>
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
        var magnitude = (sample < 0 ? ~sample : sample) >> 4;
        if (magnitude > 31)
        {
            var top = BitOperations.Log2((uint)magnitude);
            magnitude = ((top - 3) << 4) | ((magnitude >> (top - 4)) & 15);
        }

        return (byte)((sample < 0 ? magnitude : magnitude | 0x80) ^ EvenBits);
    }

    /// <summary>Decodes one code.</summary>
    /// <param name="code">The A-law code as sent.</param>
    public static short Decode(byte code)
    {
        var bits = code ^ EvenBits;
        var segment = (bits >> 4) & 7;
        var value = ((bits & 15) << 4) | 8;
        if (segment > 0)
            value = (value + 0x100) << (segment - 1);
        return (short)((bits & 0x80) != 0 ? value : -value);
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
            var magnitude = (samples ^ sign).AsUInt16();
            // Exponent and mantissa of the float are segment and step; below 256 the law is linear.
            var segmented = G711Vectors.ExponentAndStep(magnitude) - Vector256.Create((short)G711Vectors.ExponentBias);
            var linear = Vector256.Min((magnitude >> 4).AsInt16(), Vector256.Create((short)16));
            var code = Vector256.Max(segmented, linear);
            return (code ^ Vector256.Create((short)(0x80 ^ EvenBits)) ^ (sign & Vector256.Create((short)0x80))).AsUInt16();
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
            var magnitude = (samples ^ sign).AsUInt16();
            var segmented = G711Vectors.ExponentAndStep(magnitude) - Vector128.Create((short)G711Vectors.ExponentBias);
            var linear = Vector128.Min((magnitude >> 4).AsInt16(), Vector128.Create((short)16));
            var code = Vector128.Max(segmented, linear);
            return (code ^ Vector128.Create((short)(0x80 ^ EvenBits)) ^ (sign & Vector128.Create((short)0x80))).AsUInt16();
        }
    }

    internal static int DecodeVector256(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        ref var source = ref MemoryMarshal.GetReference(payload);
        ref var target = ref MemoryMarshal.GetReference(pcm);
        var i = 0;
        for (; i <= payload.Length - 16; i += 16)
        {
            var (step, factor, lift) = Terms(Vector128.LoadUnsafe(ref source, (nuint)i));
            var value = (G711Vectors.Widen(step) * G711Vectors.Widen(factor)) + (G711Vectors.Widen(lift) << 8);
            value.StoreUnsafe(ref target, (nuint)i);
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
            var (step, factor, lift) = Terms(Vector128.LoadUnsafe(ref source, (nuint)i));
            var low = (Vector128.WidenLower(step).AsInt16() * Vector128.WidenLower(factor)) + (Vector128.WidenLower(lift) << 8);
            var high = (Vector128.WidenUpper(step).AsInt16() * Vector128.WidenUpper(factor)) + (Vector128.WidenUpper(lift) << 8);
            low.StoreUnsafe(ref target, (nuint)i);
            high.StoreUnsafe(ref target, (nuint)i + 8);
        }

        return i;
    }

    /// <summary>
    /// value = step * factor + lift * 256: the step within the segment, the signed width of the segment, its signed start.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Step, Vector128<sbyte> Factor, Vector128<sbyte> Lift) Terms(Vector128<byte> codes)
    {
        var bits = codes ^ Vector128.Create(EvenBits);
        var index = (bits.AsUInt16() >> 4).AsByte() & Vector128.Create((byte)15);
        var factor = Vector128.ShuffleNative(
            Vector128.Create(-1, -1, -2, -4, -8, -16, -32, -64, 1, 1, 2, 4, 8, 16, 32, 64), index.AsSByte());
        var lift = Vector128.ShuffleNative(
            Vector128.Create(0, -1, -2, -4, -8, -16, -32, -64, 0, 1, 2, 4, 8, 16, 32, 64), index.AsSByte());
        var step = ((bits & Vector128.Create((byte)15)).AsUInt16() << 4).AsByte() | Vector128.Create((byte)8);
        return (step, factor, lift);
    }
}
