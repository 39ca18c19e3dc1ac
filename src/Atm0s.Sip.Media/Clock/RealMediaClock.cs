using System.Diagnostics;
using Atm0s.Sip.Media.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Clock;

/// <summary>
/// One dedicated thread per ticker, with absolute due times: lateness never adds up. A thread that is late catches up at most five
/// periods, what is beyond is skipped. A room whose tick does not end is told of after a second; after three it is given up, and another
/// thread goes on with the rest.
/// </summary>
public sealed class RealMediaClock : MediaClock
{
    private const int MaxGivenUp = 16; // threads; beyond, a room that hangs holds up those of its thread

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);

    private readonly ManualResetEvent _stopped = new(false);
    private MediaThread[] _threads = [];
    private MediaTicker[] _tickers = [];
    private bool[] _lacksThread = []; // by ticker: its thread was given up, and no other could be made yet
    private Thread? _watchdog;
    private ILogger? _logger;
    private readonly LogLimit _failed = new(TimeProvider.System);
    private int _givenUp;
    private volatile bool _stopping;

    /// <summary>
    /// Whether the datagrams of a tick are received and sent by one call of the system, where it allows that (io_uring of Linux 6.1);
    /// default true. Else by one call each.
    /// </summary>
    public bool UsesIoUring { get; init; } = true;

    /// <inheritdoc/>
#pragma warning disable RS0030 // This is the clock of media: nothing below it can be injected.
    public override TimeSpan Now => Stopwatch.GetElapsedTime(0, Stopwatch.GetTimestamp());
#pragma warning restore RS0030

    /// <summary>Starts a thread; throws when the system gives none. For tests.</summary>
    internal Action<MediaThread> StartThread { get; init; } = static thread => thread.Start();

    /// <summary>What the threads tick.</summary>
    internal IReadOnlyList<MediaTicker> Tickers => _tickers;

    /// <summary>Whether threads have to end.</summary>
    internal bool IsStopping => _stopping;

    internal override void Start(MediaTicker[] tickers, ILogger logger)
    {
        _logger = logger;
        _tickers = tickers;
        _threads = [.. tickers.Select((ticker, index) => new MediaThread(this, ticker, index, logger))];
        _lacksThread = new bool[tickers.Length];
        foreach (var thread in _threads)
            StartThread(thread);
        _watchdog = new Thread(Watch) { Name = "media watchdog", IsBackground = true };
        _watchdog.Start();
    }

    internal override void Stop()
    {
        _stopping = true;
        _stopped.Set();
        _watchdog?.Join(StopTime);
        foreach (var ticker in _tickers)
            ticker.Wake();
        var until = Now + StopTime;
        for (var i = 0; i < _threads.Length; i++)
        {
            var left = until - Now;
            if (_threads[i].Join(left > TimeSpan.Zero ? left : TimeSpan.Zero))
                continue;
            _tickers[i].TryGiveUp(_tickers[i].Call);
            _threads[i].StepBack();
            MediaLog.LeftBehind(_logger!, i);
        }

        _threads = [];
        _tickers = [];
    }

    private void Watch()
    {
        var watchdog = new TickWatchdog(_tickers, _logger!);
        while (!_stopped.WaitOne(TickWatchdog.Interval))
        {
            try
            {
                Look(watchdog);
            }
            catch (Exception e) // of who is told: the other threads are to be watched all the same
            {
                OnFailed(e);
            }
        }
    }

    private void Look(TickWatchdog watchdog)
    {
        if (watchdog.Look(_givenUp < MaxGivenUp) is >= 0 and var index)
        {
            _givenUp++;
            _threads[index].StepBack();
            _lacksThread[index] = true;
        }

        for (var i = 0; i < _threads.Length; i++)
        {
            if (_lacksThread[i])
                Replace(i);
        }
    }

    // A container may have no thread to give at this moment: at the next look perhaps.
    private void Replace(int index)
    {
        try
        {
            var thread = new MediaThread(this, _tickers[index], index, _logger!);
            StartThread(thread);
            (_threads[index], _lacksThread[index]) = (thread, false);
        }
        catch (Exception e)
        {
            OnFailed(e);
        }
    }

    private void OnFailed(Exception exception)
    {
        _tickers[0].Counters.Faults++;
        if (_failed.TryPass(out var unsaid))
            MediaLog.ThreadFailed(_logger!, exception, -1, unsaid);
    }
}
