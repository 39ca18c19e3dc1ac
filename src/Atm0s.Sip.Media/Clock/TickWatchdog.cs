using Atm0s.Sip.Media.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Clock;

/// <summary>
/// Sees from outside when the tick of a room does not end. It counts its own looks, not the time: a process that was stopped for a minute
/// has not hung. One caller at a time.
/// </summary>
internal sealed class TickWatchdog(MediaTicker[] tickers, ILogger logger)
{
    /// <summary>Time from look to look.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Looks after which it is told: about a second.</summary>
    public const int TellAfter = 4;

    /// <summary>Looks after which the thread is given up: about three seconds.</summary>
    public const int GiveUpAfter = 12;

    private readonly long[] _calls = new long[tickers.Length];
    private readonly int[] _looks = new int[tickers.Length];

    /// <summary>Looks at all tickers.</summary>
    /// <param name="mayGiveUp">Whether a thread may be given up.</param>
    /// <returns>The index of a ticker whose thread was given up and needs another one; -1 when there is none.</returns>
    public int Look(bool mayGiveUp)
    {
        var givenUp = -1;
        for (var i = 0; i < tickers.Length; i++)
        {
            var call = tickers[i].Call;
            if (call != _calls[i] || (call & 1) == 0)
            {
                (_calls[i], _looks[i]) = (call, 0);
                continue;
            }

            _looks[i]++;
            if (_looks[i] == TellAfter)
            {
                tickers[i].Counters.StuckTicks++;
                MediaLog.Stuck(logger, i, tickers[i].Running?.Id ?? "");
            }

            if (_looks[i] >= GiveUpAfter && mayGiveUp && givenUp < 0 && tickers[i].TryGiveUp(call))
                givenUp = i;
        }

        return givenUp;
    }
}
