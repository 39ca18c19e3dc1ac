using System.Numerics;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Sums frames in 32 bits: 65,536 speakers can't overflow it, so a sum is clamped once, at the end. Allocates nothing.</summary>
public static class AudioMixer
{
    /// <summary>Adds a frame.</summary>
    /// <param name="sum">The sum so far.</param>
    /// <param name="frame">As many samples.</param>
    public static void Add(Span<int> sum, ReadOnlySpan<short> frame)
    {
        sum = sum[..frame.Length];
        var samples = MemoryMarshal.Cast<short, Vector<short>>(frame);
        var sums = MemoryMarshal.Cast<int, Vector<int>>(sum);
        for (var i = 0; i < samples.Length; i++)
        {
            Vector.Widen(samples[i], out var low, out var high);
            sums[2 * i] += low;
            sums[(2 * i) + 1] += high;
        }

        for (var i = samples.Length * Vector<short>.Count; i < frame.Length; i++) sum[i] += frame[i];
    }

    /// <summary>Writes what everybody else said: the sum without the own frame, clamped.</summary>
    /// <param name="sum">The sum of all.</param>
    /// <param name="own">What was added to it for the listener.</param>
    /// <param name="output">As many samples.</param>
    public static void Subtract(ReadOnlySpan<int> sum, ReadOnlySpan<short> own, Span<short> output)
    {
        sum = sum[..own.Length];
        output = output[..own.Length];
        var samples = MemoryMarshal.Cast<short, Vector<short>>(own);
        var sums = MemoryMarshal.Cast<int, Vector<int>>(sum);
        var outputs = MemoryMarshal.Cast<short, Vector<short>>(output);
        for (var i = 0; i < samples.Length; i++)
        {
            Vector.Widen(samples[i], out var low, out var high);
            outputs[i] = Vector.NarrowWithSaturation(sums[2 * i] - low, sums[(2 * i) + 1] - high);
        }

        for (var i = samples.Length * Vector<short>.Count; i < own.Length; i++) output[i] = Saturate(sum[i] - own[i]);
    }

    /// <summary>Writes the sum, clamped.</summary>
    /// <param name="sum">The sum.</param>
    /// <param name="output">As many samples.</param>
    public static void Clamp(ReadOnlySpan<int> sum, Span<short> output)
    {
        output = output[..sum.Length];
        var sums = MemoryMarshal.Cast<int, Vector<int>>(sum);
        var outputs = MemoryMarshal.Cast<short, Vector<short>>(output);
        for (var i = 0; i < outputs.Length; i++) outputs[i] = Vector.NarrowWithSaturation(sums[2 * i], sums[(2 * i) + 1]);
        for (var i = outputs.Length * Vector<short>.Count; i < sum.Length; i++) output[i] = Saturate(sum[i]);
    }

    private static short Saturate(int sample) => (short)Math.Clamp(sample, short.MinValue, short.MaxValue);
}
