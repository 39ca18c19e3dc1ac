namespace Atm0s.Sip.Media.Clock;

/// <summary>When a media thread gives a room to another one. Pure.</summary>
internal static class RoomBalance
{
    private const double MinDifference = 0.15; // of the time of a thread: less is not worth it

    /// <summary>Finds who has the least to do, and how much of it he may get.</summary>
    /// <param name="tickers">All threads.</param>
    /// <param name="index">Which of them asks.</param>
    /// <param name="now">What time it is: a thread that hangs in a tick gets nothing.</param>
    /// <param name="mostCost">Cost of the room that may go, in units of 100 ns a tick: half of the difference.</param>
    /// <returns>The index of who gets a room; -1 when nobody does.</returns>
    public static int Find(IReadOnlyList<MediaTicker> tickers, int index, TimeSpan now, out double mostCost)
    {
        mostCost = 0;
        var (best, least) = (-1, double.MaxValue);
        for (var i = 0; i < tickers.Count; i++)
        {
            if (i != index && tickers[i].IsAlive(now) && tickers[i].Counters.Governor.Busy is var busy && busy < least)
                (best, least) = (i, busy);
        }

        var difference = tickers[index].Counters.Governor.Busy - least;
        if (best < 0 || difference < MinDifference)
            return -1;
        mostCost = difference / 2 * MediaClock.Period.Ticks;
        return best;
    }
}
