using System.Numerics;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Sums of frames in 32 bits: 65,536 speakers can't overflow them. Allocates nothing.</summary>
internal static class AudioMixer
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

        for (var i = samples.Length * Vector<short>.Count; i < frame.Length; i++)
            sum[i] += frame[i];
    }

    /// <summary>What everybody else said: the sum without the own frame.</summary>
    /// <param name="sum">The sum of all.</param>
    /// <param name="own">What was added to it for the listener.</param>
    /// <param name="others">Receives as many sums.</param>
    public static void Subtract(ReadOnlySpan<int> sum, ReadOnlySpan<short> own, Span<int> others)
    {
        sum = sum[..own.Length];
        others = others[..own.Length];
        var samples = MemoryMarshal.Cast<short, Vector<short>>(own);
        var sums = MemoryMarshal.Cast<int, Vector<int>>(sum);
        var outputs = MemoryMarshal.Cast<int, Vector<int>>(others);
        for (var i = 0; i < samples.Length; i++)
        {
            Vector.Widen(samples[i], out var low, out var high);
            outputs[2 * i] = sums[2 * i] - low;
            outputs[(2 * i) + 1] = sums[(2 * i) + 1] - high;
        }

        for (var i = samples.Length * Vector<short>.Count; i < own.Length; i++)
            others[i] = sum[i] - own[i];
    }
}
