using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Clock;

/// <summary>
/// Calls the ticks of rooms. Every room ticks each <see cref="Period"/>, in one of the sub-ticks that spread the load over it.
/// </summary>
public abstract class MediaClock : IDisposable
{
    /// <summary>20 ms: the duration of a frame.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    /// <summary>5 ms.</summary>
    public static readonly TimeSpan SubTick = TimeSpan.FromMilliseconds(5);

    /// <summary>Sub-ticks in a period.</summary>
    internal const int SubTicks = 4;

    private protected MediaClock()
    {
    }

    /// <summary>Time since some fixed moment, monotonic.</summary>
    public abstract TimeSpan Now { get; }

    /// <summary>
    /// Ends all ticks. When it returns none runs, but for one that does not end, whose room is given up; waits two seconds at most for
    /// each.
    /// </summary>
    public void Dispose()
    {
        Stop();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins to tick. A clock drives one engine.</summary>
    internal abstract void Start(MediaTicker[] tickers, ILogger logger);

    /// <summary>Ends all ticks, as <see cref="Dispose"/>.</summary>
    internal abstract void Stop();
}
