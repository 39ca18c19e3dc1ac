using Atm0s.Sip.MediaQuality.Lines;
using Atm0s.Sip.MediaQuality.Signals;
using Atm0s.Sip.MediaQuality.Streams;

namespace Atm0s.Sip.MediaQuality.Analysis;

/// <summary>How speech came through a bridge over a line: every frame of it, pauses left out.</summary>
/// <param name="Frames">SNR of each frame, and whether silence was in its place.</param>
/// <param name="Delays">What the bridge added to the line's own delay, in ms, for each frame that was heard as it was said.</param>
/// <param name="LongestHole">Longest silence in speech.</param>
internal sealed record LineResult(IReadOnlyList<(double Snr, bool IsSilent)> Frames, IReadOnlyList<double> Delays, TimeSpan LongestHole)
{
    private const int Frame = 960;
    private static readonly int Settling = 2 * Speech.Rate;

    /// <summary>Share of frames that were not heard as they were said: made up, cut, stretched, or not there.</summary>
    public double Damaged => Frames.Count == 0 ? 1 : Frames.Count(frame => frame.Snr < FrameMatch.Intact) / (double)Frames.Count;

    /// <summary>Share of frames in whose place was silence.</summary>
    public double Silent => Frames.Count == 0 ? 1 : Frames.Count(frame => frame.IsSilent) / (double)Frames.Count;

    /// <summary>Mean of the frames' SNR, each within -10 and 35 dB.</summary>
    public double SegmentalSnr => Frames.Count == 0 ? double.NaN : Frames.Average(frame => Math.Clamp(frame.Snr, -10, 35));

    /// <summary>Compares what was heard with what is heard of the same packets on a perfect line, but for the first two seconds.</summary>
    /// <param name="said">The talker.</param>
    /// <param name="sent">When its packets were sent.</param>
    /// <param name="heard">The listener.</param>
    public static LineResult Of(Talker said, IReadOnlyList<Arrival> sent, Heard heard)
    {
        var matches = Alignment.Find(Telephone(said.Ideal), Telephone(heard.Samples), Settling);
        var delays = matches.Where(match => match.IsIntact).Select(match =>
        {
            var packet = match.Position / Frame;
            return (heard.TimeOf(match.Heard) - sent[packet].Sent).TotalMilliseconds - (match.Position % Frame * 1000.0 / Speech.Rate);
        });
        return new LineResult([.. matches.Select(match => (match.Snr, match.IsSilent))], [.. delays], Hole(matches));
    }

    /// <summary>Several runs as one.</summary>
    public static LineResult Pool(IReadOnlyList<LineResult> runs) => new(
        [.. runs.SelectMany(run => run.Frames)], [.. runs.SelectMany(run => run.Delays)], runs.Max(run => run.LongestHole));

    /// <summary>The telephone band, which every pair of codecs has: up to 3.4 kHz.</summary>
    public static float[] Telephone(float[] samples) => LowPass.Up(LowPass.Down(samples, 6, 0.87), 6);

    private static TimeSpan Hole(IReadOnlyList<FrameMatch> matches)
    {
        var (run, longest) = (0, 0);
        for (var i = 0; i < matches.Count; i++)
        {
            var follows = i > 0 && matches[i].Position == matches[i - 1].Position + Frame;
            run = !matches[i].IsSilent ? 0 : follows ? run + 1 : 1;
            longest = Math.Max(longest, run);
        }

        return TimeSpan.FromMilliseconds(20 * longest);
    }
}
