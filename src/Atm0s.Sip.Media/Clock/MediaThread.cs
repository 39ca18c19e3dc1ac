using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Native;
using Atm0s.Sip.Media.Net;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Clock;

/// <summary>A thread that runs one ticker, with absolute due times, until it is told to stop or was given up.</summary>
internal sealed class MediaThread(RealMediaClock clock, MediaTicker ticker, int index, ILogger logger)
{
    private const int MaxCaughtUp = 5;
    private const int PeriodsToBalance = 250; // 5 s

    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    private readonly LogLimit _skipped = new(TimeProvider.System);
    private readonly LogLimit _failed = new(TimeProvider.System);
    private int _periods;
    private long _busy;      // 100 ns of this period
    private Thread? _thread;
    private volatile int _id;

    /// <summary>Begins; throws when the system gives no thread.</summary>
    public void Start()
    {
        var thread = new Thread(Run) { Name = $"media {index}", IsBackground = true, Priority = ThreadPriority.Highest };
        thread.Start();
        _thread = thread;
    }

    /// <summary>Waits for its end; there is nothing to wait for when it never began.</summary>
    public bool Join(TimeSpan time) => _thread?.Join(time) ?? true;

    /// <summary>It has been given up: whatever it does, it takes the processor from nobody.</summary>
    public void StepBack() => ThreadPriorities.TryLower(_id);

    private void Run()
    {
        while (!clock.IsStopping)
        {
            try
            {
                _id = ThreadPriorities.Raise(logger);
                using var batch = clock.UsesIoUring ? SocketBatch.TryBegin(logger) : null;
                Loop(new TickSleeper());
                return;
            }
            catch (Exception e) // every member, room and codec has a guard of its own: it must still not be the end of the process
            {
                OnFailed(e);
            }
        }
    }

    // Ends when the clock stops, or the thread was given up.
    private void Loop(TickSleeper sleeper)
    {
        var due = NextPeriod(clock.Now);
        var subTick = 0;
        while (!clock.IsStopping)
        {
            if (ticker.IsIdle)
            {
                Rest();
                (due, subTick) = (NextPeriod(clock.Now), 0);
                continue;
            }

            if (ticker.HasRooms(subTick))
            {
                sleeper.SleepUntil(due, clock.Now);
                due += SkipWhatIsTooLate(clock.Now - due);
                if (!Tick(subTick, due))
                    return;
            }

            due += MediaClock.SubTick;
            subTick = (subTick + 1) % MediaClock.SubTicks;
            if (subTick == 0)
                Govern();
        }
    }

    /// <summary>
    /// Periods to leave out when a tick is late: none up to five, for what they would have played waits in the jitter buffers and is
    /// caught up; of more those beyond, so that a pause of the process does not become a burst. Whole periods: a room keeps its sub-tick,
    /// and sees from the time what went.
    /// </summary>
    public static long PeriodsToSkip(TimeSpan late) =>
        Math.Max(0, (late.Ticks - (MaxCaughtUp * MediaClock.Period.Ticks) + MediaClock.Period.Ticks - 1) / MediaClock.Period.Ticks);

    // All threads tick at the same times, so that a room may go from one to another.
    private static TimeSpan NextPeriod(TimeSpan now) =>
        new((now.Ticks + MediaClock.Period.Ticks - 1) / MediaClock.Period.Ticks * MediaClock.Period.Ticks);

    private TimeSpan SkipWhatIsTooLate(TimeSpan late)
    {
        if (late > MediaClock.SubTick)
            ticker.Counters.LateTicks++;
        var periods = PeriodsToSkip(late);
        if (periods == 0)
            return TimeSpan.Zero;
        ticker.Counters.SkippedTicks += periods;
        if (_skipped.TryPass(out var unsaid))
            MediaLog.Skipped(logger, index, late.TotalMilliseconds, periods, unsaid);
        return periods * MediaClock.Period;
    }

    // Nothing is measured meanwhile: what was said of the last rooms must not turn new ones away.
    private void Rest()
    {
        _busy = 0;
        Tell(ticker.Counters.Governor.OnIdle(TimeSpan.Zero));
        var since = clock.Now;
        ticker.WaitForRoom(IdleWait);
        Tell(ticker.Counters.Governor.OnIdle(clock.Now - since));
    }

    private void Govern()
    {
        // The figures are those of the last second: 5 s after the last move they show what it has brought.
        if (++_periods % PeriodsToBalance == 0 && RoomBalance.Find(clock.Tickers, index, clock.Now, out var most) is >= 0 and var other)
            ticker.TryGive(clock.Tickers[other], most);
        ticker.CountPeriod(clock.Now);
        var share = _busy / (double)MediaClock.Period.Ticks;
        _busy = 0;
        Tell(ticker.Counters.Governor.OnPeriod(share));
    }

    private void Tell(bool hasChanged)
    {
        if (hasChanged && ticker.Counters.Governor is var governor)
            MediaLog.Governed(logger, index, governor.MaxComplexity, governor.IsFull);
    }

    private void OnFailed(Exception exception)
    {
        ticker.Counters.Faults++;
        if (_failed.TryPass(out var unsaid))
            MediaLog.ThreadFailed(logger, exception, index, unsaid);
    }

    private bool Tick(int subTick, TimeSpan due)
    {
        var (start, cpu) = (clock.Now, LibC.IsUsable ? LibC.Read(LibC.ThreadTime) : TimeSpan.Zero);
        var isOurs = ticker.Run(subTick, due);
        if (!isOurs)
            return false;
        ticker.Counters.SendErrors += SocketBatch.Current?.Flush() ?? 0;
        var took = (clock.Now - start).Ticks;
        ticker.Counters.TickTime += took;
        _busy += took;
        if (LibC.IsUsable)
            ticker.Counters.OffProcessorTime += Math.Max(0, took - (LibC.Read(LibC.ThreadTime) - cpu).Ticks);
        return true;
    }
}
