using Atm0s.Sip.MediaQuality.Signals;
using Atm0s.Sip.MediaQuality.Streams;

namespace Atm0s.Sip.MediaQuality.Analysis;

/// <summary>
/// What becomes of loud talkers who talk at once. Their sum does not fit into 16 bits: a bridge cuts the peaks off or turns the sum down.
/// Distortion is what is left of a frame when the best gain is granted.
/// </summary>
/// <param name="Gain">Mean gain of the loud frames, in dB.</param>
/// <param name="Sdr">Signal to distortion: mean of the frames in whose sum a sample is beyond full scale, each within 0 and 40 dB.</param>
/// <param name="SdrLow">The 5th percentile of it.</param>
/// <param name="Clipped">Share of all frames with three samples in a row at the rail.</param>
/// <param name="Beyond">Share of frames whose sum is beyond full scale.</param>
internal sealed record LoudResult(double Gain, double Sdr, double SdrLow, double Clipped, double Beyond)
{
    private const int Frame = 960;
    private const float Rail = 32_000 / 32768f;

    /// <summary>Compares the mix with the sum of the talkers, each where it is found in the mix.</summary>
    public static LoudResult? Of(IReadOnlyList<Talker> talkers, Heard heard)
    {
        var mixed = LineResult.Telephone(heard.Samples);
        var sum = new double[mixed.Length];
        foreach (var talker in talkers)
        {
            var ideal = LineResult.Telephone(talker.Ideal);
            if (Alignment.FindConstant(ideal, mixed) is not { } lag)
                return null;
            for (var i = Math.Max(0, -lag); i < ideal.Length && i + lag < sum.Length; i++)
                sum[i + lag] += ideal[i];
        }

        var frames = new List<(double Gain, double Sdr)>();
        var (clipped, all) = (0, 0);
        for (var at = 2 * Speech.Rate; at + Frame <= sum.Length - Speech.Rate; at += Frame, all++)
        {
            clipped += IsClipped(heard.Samples.AsSpan(at, Frame)) ? 1 : 0;
            double product = 0, power = 1e-12, mix = 1e-12, peak = 0;
            for (var i = at; i < at + Frame; i += 6)
            {
                product += sum[i] * mixed[i];
                power += sum[i] * sum[i];
                mix += mixed[i] * mixed[i];
                peak = Math.Max(peak, Math.Abs(sum[i]));
            }

            if (peak <= 1)
                continue;
            var gain = product / power;
            var distortion = mix - (gain * product);
            var ratio = Decibels.Of(gain * product / Math.Max(distortion, 1e-12));
            frames.Add((20 * Math.Log10(Math.Max(gain, 1e-3)), Math.Clamp(ratio, 0, 40)));
        }

        return frames.Count == 0
            ? new LoudResult(0, 40, 40, clipped / (double)all, 0)
            : new LoudResult(
                frames.Average(frame => frame.Gain),
                frames.Average(frame => frame.Sdr),
                Decibels.Percentile(frames.Select(frame => frame.Sdr), 5),
                clipped / (double)all, frames.Count / (double)all);
    }

    // The listener's own 8 kHz samples are every sixth.
    private static bool IsClipped(ReadOnlySpan<float> frame)
    {
        var run = 0;
        for (var i = 0; i < frame.Length; i += 6)
        {
            run = Math.Abs(frame[i]) >= Rail - 0.01f ? run + 1 : 0;
            if (run == 3)
                return true;
        }

        return false;
    }
}
