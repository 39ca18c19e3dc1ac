using System.Diagnostics;
using Atm0s.Sip.Media.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Clock;

/// <summary>
/// One dedicated thread per ticker, with absolute due times: lateness never adds up. A thread that is late catches up at most two periods,
/// what is beyond is skipped.
/// </summary>
public sealed class RealMediaClock : MediaClock
{
    private static readonly TimeSpan CatchUp = 2 * Period;
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    private Thread[] _threads = [];
    private MediaTicker[] _tickers = [];
    private volatile bool _stopping;

    /// <inheritdoc/>
#pragma warning disable RS0030 // This is the clock of media: nothing below it can be injected.
    public override TimeSpan Now => Stopwatch.GetElapsedTime(0, Stopwatch.GetTimestamp());
#pragma warning restore RS0030

    internal override void Start(MediaTicker[] tickers, ILogger logger)
    {
        _tickers = tickers;
        _threads = new Thread[tickers.Length];
        for (var i = 0; i < tickers.Length; i++)
        {
            var index = i;
            _threads[i] = new Thread(() => Run(tickers[index], index, logger))
            {
                Name = $"media {i}",
                IsBackground = true,
                Priority = ThreadPriority.Highest,
            };
            _threads[i].Start();
        }
    }

    internal override void Stop()
    {
        _stopping = true;
        foreach (var ticker in _tickers) ticker.Wake();
        foreach (var thread in _threads) thread.Join();
        _threads = [];
        _tickers = [];
    }

    private void Run(MediaTicker ticker, int index, ILogger logger)
    {
        var sleeper = new TickSleeper();
        var due = Now;
        var subTick = 0;
        while (!_stopping)
        {
            if (ticker.IsIdle)
            {
                ticker.WaitForRoom(IdleWait);
                due = Now;
                continue;
            }

            if (ticker.HasRooms(subTick))
            {
                sleeper.SleepUntil(due, Now);
                var late = Now - due;
                if (late > SubTick) ticker.Counters.LateTicks++;
                if (late > CatchUp)
                {
                    // Whole periods, so that a room keeps its sub-tick.
                    var periods = (late.Ticks - CatchUp.Ticks + Period.Ticks - 1) / Period.Ticks;
                    due += periods * Period;
                    ticker.Counters.SkippedTicks += periods;
                    MediaLog.Skipped(logger, index, late.TotalMilliseconds, periods);
                }

                ticker.Run(subTick, due);
            }

            due += SubTick;
            subTick = (subTick + 1) % SubTicks;
        }
    }
}
