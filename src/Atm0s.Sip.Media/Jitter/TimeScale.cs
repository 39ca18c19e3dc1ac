using System.Diagnostics;
using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Audio;

namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Makes queued audio shorter or longer by whole periods of it, blended over, so that pitch and level stay (WSOLA: the lag is the one at
/// which the audio resembles itself most). In pauses any lag does.
/// </summary>
internal sealed class TimeScale(int sampleRate)
{
    private const float Quiet = 64;             // about -54 dBov
    private const int MaxWindow = 40 * 48;

    private readonly int _perMillisecond = sampleRate / 1000;

    /// <summary>Shortest lag looked for in speech: 2.5 ms, the period of 400 Hz.</summary>
    private int MinLag => 5 * _perMillisecond / 2;

    /// <summary>Longest lag looked for in speech: 15 ms, the period of 67 Hz.</summary>
    private int MaxLag => 15 * _perMillisecond;

    /// <summary>Samples that are blended over.</summary>
    private int Blend => 5 * _perMillisecond;

    /// <summary>Samples that a change of this length looks at.</summary>
    public int Window(int length) => Math.Min(length, MaxLag) + (2 * Blend);

    /// <summary>Takes up to <paramref name="most"/> samples out of the front of the queue.</summary>
    /// <param name="queue">What is changed; at least a frame of <paramref name="keep"/> samples stays in it.</param>
    /// <param name="most">Samples at most; in a pause exactly that many if they are there.</param>
    /// <param name="keep">Samples that stay at least.</param>
    /// <param name="leastAlike">0 to 1: how alike the joined ends have to be when it is no pause; above 1: in pauses only.</param>
    /// <returns>Samples removed, 0 when there was no good place.</returns>
    public int Shorten(PcmQueue queue, int most, int keep, float leastAlike)
    {
        var pcm = queue.Content;
        most = Math.Min(most, Math.Min(pcm.Length - keep, pcm.Length - Blend));
        if (most <= 0)
            return 0;
        var lag = IsQuiet(pcm[..(most + Blend)]) ? most : FindLag(pcm, Math.Min(most, MaxLag), leastAlike);
        if (lag == 0)
            return 0;
        for (var i = 0; i < Blend; i++)
            pcm[lag + i] = Mix(pcm[i], pcm[lag + i], i);
        queue.Drop(lag);
        return lag;
    }

    /// <summary>Repeats up to <paramref name="most"/> samples of the front of the queue.</summary>
    /// <param name="queue">What is changed.</param>
    /// <param name="most">Samples at most; in a pause exactly that many if they are there.</param>
    /// <param name="leastAlike">0 to 1: how alike the joined ends have to be when it is no pause; above 1: in pauses only.</param>
    /// <returns>Samples added, 0 when there was no good place.</returns>
    public int Stretch(PcmQueue queue, int most, float leastAlike)
    {
        var pcm = queue.Content;
        var longest = Math.Min(most, pcm.Length - Blend);
        if (longest <= 0)
            return 0;
        var lag = IsQuiet(pcm[..(longest + Blend)]) ? longest : FindLag(pcm, Math.Min(longest, MaxLag), leastAlike);
        if (lag == 0 || queue.Free(lag).Length < lag)
            return 0;
        queue.Append(lag);
        pcm = queue.Content;
        pcm[..^lag].CopyTo(pcm[lag..]);

        // From lag on it starts again, blended out of what came there before, which lies at twice the lag now.
        for (var i = 0; i < Blend; i++)
            pcm[lag + i] = Mix(pcm[lag + lag + i], pcm[lag + i], i);
        return lag;
    }

    private static bool IsQuiet(ReadOnlySpan<short> pcm)
    {
        long energy = 0;
        foreach (var sample in pcm)
            energy += sample * sample;
        return energy <= (long)(Quiet * Quiet) * pcm.Length;
    }

    private short Mix(short from, short to, int i)
    {
        var weight = (i + 1f) / (Blend + 1);
        return (short)MathF.Round((from * (1 - weight)) + (to * weight));
    }

    /// <summary>The lag, 2.5 ms up to <paramref name="longest"/>, at which the start is most like itself; 0 when not enough.</summary>
    [SkipLocalsInit]
    private int FindLag(ReadOnlySpan<short> pcm, int longest, float leastAlike)
    {
        if (leastAlike > 1 || longest < MinLag)
            return 0;
        var template = Math.Min(2 * Blend, pcm.Length - longest);
        Debug.Assert(template >= Blend, "The blend lies inside.");
        Span<float> window = stackalloc float[MaxWindow];
        window = window[..Math.Min(MaxWindow, longest + template)];
        Similarity.Widen(pcm[..window.Length], window);
        var coarse = Math.Max(1, _perMillisecond / 8);
        var (best, score) = Best(window, MinLag, longest, coarse, template);
        if (coarse > 1)
            (best, score) = Best(window, Math.Max(MinLag, best - coarse), Math.Min(longest, best + coarse), 1, template);
        return score >= leastAlike ? best : 0;
    }

    private static (int Lag, float Score) Best(ReadOnlySpan<float> window, int from, int to, int step, int template)
    {
        var start = window[..template];
        var floor = template * 16f; // silence resembles everything: weigh it down
        var energy = Similarity.Energy(start) + floor;
        var best = (Lag: from, Score: float.NegativeInfinity);
        for (var lag = from; lag <= to; lag += step)
        {
            var (product, other) = Similarity.Correlate(start, window.Slice(lag, template));
            var score = product / MathF.Sqrt(energy * (other + floor));
            if (score > best.Score)
                best = (lag, score);
        }

        return best;
    }
}
