using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Clock;

/// <summary>Time that stands still until it is moved; ticks run on the mover's thread. For tests, tools and benchmarks.</summary>
public sealed class ManualMediaClock : MediaClock
{
    private MediaTicker[] _tickers = [];
    private TimeSpan _now;
    private int _subTick;

    /// <inheritdoc/>
    public override TimeSpan Now => _now;

    /// <summary>Moves time and runs every tick that falls due.</summary>
    /// <param name="by">A multiple of 5 ms, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is none.</exception>
    public void Advance(TimeSpan by)
    {
        if (by < TimeSpan.Zero || by.Ticks % SubTick.Ticks != 0)
            throw new ArgumentOutOfRangeException(nameof(by), by, "A multiple of 5 ms.");
        for (var i = by.Ticks / SubTick.Ticks; i > 0; i--)
        {
            _now += SubTick;
            foreach (var ticker in _tickers)
                ticker.Run(_subTick, _now);
            _subTick = (_subTick + 1) % SubTicks;
        }
    }

    /// <summary>Moves time without a tick, as for a thread that was stopped for so long.</summary>
    /// <param name="by">Whole periods of 20 ms, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is none.</exception>
    public void Skip(TimeSpan by)
    {
        if (by < TimeSpan.Zero || by.Ticks % Period.Ticks != 0)
            throw new ArgumentOutOfRangeException(nameof(by), by, "A multiple of 20 ms.");
        _now += by;
    }

    internal override void Start(MediaTicker[] tickers, ILogger logger) => _tickers = tickers;

    internal override void Stop() => _tickers = [];
}
