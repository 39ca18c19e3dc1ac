namespace Atm0s.Sip.Media.Jitter;

/// <summary>Makes queued audio shorter or longer by one period of it, blended over 10 ms, so that the change is hardly heard (WSOLA).</summary>
internal sealed class TimeScale(int sampleRate)
{
    private readonly int _perMillisecond = sampleRate / 1000;

    /// <summary>Samples that a splice looks at: 30 ms.</summary>
    public int Window => 30 * _perMillisecond;

    /// <summary>Whether nothing is there to be heard: below about -54 dBov.</summary>
    public static bool IsQuiet(ReadOnlySpan<short> pcm)
    {
        long energy = 0;
        foreach (var s in pcm) energy += s * s;
        return energy <= 64L * 64 * pcm.Length;
    }

    /// <summary>Takes 5 to 20 ms out of the front of the queue.</summary>
    /// <returns>Samples removed, 0 when fewer than <see cref="Window"/> are waiting.</returns>
    public int Shorten(PcmQueue queue)
    {
        var pcm = queue.Content;
        if (pcm.Length < Window) return 0;
        var blend = 10 * _perMillisecond;
        var lag = FindLag(pcm, 20 * _perMillisecond, blend);
        for (var i = 0; i < blend; i++)
            pcm[lag + i] = Blend(pcm[i], pcm[lag + i], i, blend);
        queue.Drop(lag);
        return lag;
    }

    /// <summary>Repeats 5 to 10 ms of the front of the queue.</summary>
    /// <returns>Samples added, 0 when fewer than 20 ms are waiting.</returns>
    public int Stretch(PcmQueue queue)
    {
        var blend = 10 * _perMillisecond;
        if (queue.Count < 2 * blend) return 0;
        var lag = FindLag(queue.Content, blend, blend);
        queue.Free(lag);
        queue.Append(lag);
        var pcm = queue.Content;
        // From behind: y[lag + i] = x[i], with the first 10 ms of it blended out of what came there before.
        for (var i = pcm.Length - 1; i >= lag + blend; i--) pcm[i] = pcm[i - lag];
        Span<short> blended = stackalloc short[blend];
        for (var i = 0; i < blend; i++) blended[i] = Blend(pcm[lag + i], pcm[i], i, blend);
        blended.CopyTo(pcm[lag..]);
        return lag;
    }

    private static short Blend(short from, short to, int i, int length)
    {
        var weight = (i + 1f) / (length + 1);
        return (short)MathF.Round((from * (1 - weight)) + (to * weight));
    }

    /// <summary>The lag, 5 ms up to <paramref name="longest"/>, at which the start resembles itself most.</summary>
    private int FindLag(ReadOnlySpan<short> pcm, int longest, int template)
    {
        var shortest = 5 * _perMillisecond;
        var coarse = Math.Max(1, _perMillisecond / 8);
        var best = Best(pcm, shortest, longest, coarse, template);
        return coarse == 1 ? best : Best(pcm, Math.Max(shortest, best - coarse), Math.Min(longest, best + coarse), 1, template);
    }

    private static int Best(ReadOnlySpan<short> pcm, int from, int to, int step, int template)
    {
        var best = from;
        var bestScore = double.NegativeInfinity;
        for (var lag = from; lag <= to; lag += step)
        {
            double product = 0, energy = template * 16.0;
            for (var i = 0; i < template; i++)
            {
                product += pcm[i] * pcm[lag + i];
                energy += pcm[lag + i] * pcm[lag + i];
            }

            var score = product / Math.Sqrt(energy);
            if (score <= bestScore) continue;
            bestScore = score;
            best = lag;
        }

        return best;
    }
}
