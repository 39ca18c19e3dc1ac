namespace Atm0s.Sip.Media.Rtp;

/// <summary>Bounds of the jitter buffer, which finds its delay between them from how late packets come.</summary>
public sealed record JitterBufferOptions
{
    /// <summary>No delay that is not needed, at most 200 ms.</summary>
    public static JitterBufferOptions Default { get; } = new();

    /// <summary>Least delay, zero (default) to 400 ms: more than the network asks for, for those who know that it will get worse.</summary>
    public TimeSpan MinimumDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Most delay that the buffer may add, 40 to 400 ms. Default 200 ms. What comes later is lost.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromMilliseconds(200);
}
