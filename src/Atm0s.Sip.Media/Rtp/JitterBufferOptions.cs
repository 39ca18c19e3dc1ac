namespace Atm0s.Sip.Media.Rtp;

/// <summary>Bounds of the jitter buffer, which finds its delay between them from how late packets come.</summary>
public sealed record JitterBufferOptions
{
    /// <summary>No delay that is not needed, at most 400 ms.</summary>
    public static JitterBufferOptions Default { get; } = new();

    /// <summary>
    /// Least delay behind the earliest packets, zero (default) to 400 ms: more than the network asks for, for those who know that it will
    /// get worse. Values outside are taken as the nearest inside.
    /// </summary>
    public TimeSpan MinimumDelay { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Most delay behind the earliest packets that the buffer may grow to, 40 to 400 ms (default). It is reached only while packets come
    /// that late; a backlog of more is left out. Values outside are taken as the nearest inside; the minimum wins.
    /// </summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromMilliseconds(400);
}
