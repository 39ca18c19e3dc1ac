using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.HookCalls;

/// <summary>
/// Runs the host's code off the shards: questions first, then events, one after another on one thread for as long as that is enough. What
/// blocks holds a thread of these and none of the thread pool, which the signalling needs; then another is added, up to a limit. Any
/// thread.
/// </summary>
/// <param name="scheduler">Where it runs when that is not the thread pool: in a test.</param>
/// <param name="time">Clock of <see cref="Patience"/>.</param>
/// <param name="maxThreads">Threads that may be held at once. Half of them are kept for questions.</param>
/// <param name="onFailed">Gets what an item throws; it costs that item alone.</param>
internal sealed class HookWorkers(SipScheduler scheduler, TimeProvider time, int maxThreads, Action<Exception>? onFailed = null)
    : IThreadPoolWorkItem, IDisposable
{
    private const int ItemsPerTurn = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    // Events come in swarms, and to wake a thread costs more than to tell one: who has told some looks again after so long.
    private static readonly TimeSpan NapTime = TimeSpan.FromMilliseconds(20);

    private readonly bool _ownThreads = ReferenceEquals(scheduler, SipScheduler.ThreadPool);
    private readonly int _maxTelling = Math.Max(1, maxThreads / 2);
    private readonly object _lock = new();      // Monitor: idle threads wait for it.
    private readonly Queue<(IThreadPoolWorkItem Item, long At)> _questions = new();
    private readonly Queue<IThreadPoolWorkItem> _events = new();
    private ITimer? _watch;
    private int _workers;
    private int _idle;
    private int _telling;
    private long _taken;
    private long _takenBefore;
    private bool _isWatching;
    private bool _isNapping;
    private bool _isStopped;

    /// <summary>Threads that there are now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _workers;
        }
    }

    /// <summary>Whether a thread that has told something looks again in a moment: nobody is woken for an event until then.</summary>
    public bool IsNapping
    {
        get
        {
            lock (_lock)
                return _isNapping;
        }
    }

    /// <summary>Runs something that somebody waits for.</summary>
    public void Run(IThreadPoolWorkItem question)
    {
        lock (_lock)
        {
            _questions.Enqueue((question, time.GetTimestamp()));
            OnEnqueued(isEvent: false);
        }
    }

    /// <summary>Runs something that tells observers, when no question waits.</summary>
    public void RunEvent(IThreadPoolWorkItem events)
    {
        lock (_lock)
        {
            _events.Enqueue(events);
            OnEnqueued(isEvent: true);
        }
    }

    /// <summary>Idle threads end; what is given from now on still runs.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isStopped = true;
            _watch?.Dispose();
            _watch = null;
            Monitor.PulseAll(_lock);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < ItemsPerTurn; i++)
        {
            IThreadPoolWorkItem? item;
            bool isEvent;
            lock (_lock)
            {
                if (!TryTake(out item, out isEvent))
                {
                    _workers--;
                    return;
                }
            }

            Run(item, isEvent);
        }

        scheduler.Schedule(this);
    }

    private void RunThread()
    {
        var hasTold = false;
        while (true)
        {
            IThreadPoolWorkItem? item;
            bool isEvent;
            lock (_lock)
            {
                while (!TryTake(out item, out isEvent))
                {
                    if (hasTold && !_isNapping && !_isStopped)
                    {
                        hasTold = false;
                        _isNapping = true;
                        Monitor.Wait(_lock, NapTime);
                        _isNapping = false;
                        continue;
                    }

                    _idle++;
                    var isWoken = !_isStopped && Monitor.Wait(_lock, IdleTime);
                    _idle--;
                    // Something may have come after the time was over and before the lock was had again.
                    if (isWoken || (!_isStopped && _questions.Count + _events.Count > 0))
                        continue;
                    _workers--;
                    return;
                }
            }

            Run(item, isEvent);
            hasTold |= isEvent;
        }
    }

    private void Run(IThreadPoolWorkItem item, bool isEvent)
    {
        try
        {
            item.Execute();
        }
#pragma warning disable CA1031 // One item must end neither the thread, on which the others wait, nor the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onFailed?.Invoke(exception);
        }

        if (!isEvent)
            return;
        lock (_lock)
            _telling--;
    }

    // Under the lock.
    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IThreadPoolWorkItem? item, out bool isEvent)
    {
        isEvent = false;
        if (_questions.TryDequeue(out var question))
        {
            item = question.Item;
        }
        else
        {
            item = null;
            if (_telling == _maxTelling || !_events.TryDequeue(out item))
                return false;
            isEvent = true;
            _telling++;
        }

        _taken++;
        // What is left behind waits for a thread that may be held from now on.
        if (_questions.Count + _events.Count > 0)
            Watch();
        return true;
    }

    // Under the lock.
    private void OnEnqueued(bool isEvent)
    {
        if (isEvent && _isNapping)
            return;
        if (_idle > 0 || _isNapping)
            Monitor.Pulse(_lock);
        else if (_workers == 0)
            AddWorker();
        else
            Watch();
    }

    private void AddWorker()
    {
        _workers++;
        if (!_ownThreads)
        {
            scheduler.Schedule(this);
            return;
        }

        try
        {
            new Thread(RunThread) { IsBackground = true, Name = "Atm0s.Sip handlers" }.UnsafeStart();
        }
#pragma warning disable CA1031 // The process has no more threads (OutOfMemory, ThreadStart, ...); it may have some in a moment.
        catch (Exception)
#pragma warning restore CA1031
        {
            _workers--;
            Watch();
        }
    }

    // Under the lock.
    private void Watch()
    {
        if (_isWatching || _isStopped)
            return;
        _isWatching = true;
        _takenBefore = _taken;
        if (_watch is null)
            _watch = time.CreateTimer(static workers => ((HookWorkers)workers!).OnWatch(), this, Patience, Timeout.InfiniteTimeSpan);
        else
            _watch.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    // A question waits too long, or nothing at all moves: the threads that there are must be held.
    private void OnWatch()
    {
        try
        {
            lock (_lock)
                Look();
        }
#pragma warning disable CA1031 // On a thread of the timers: it would be the end of the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onFailed?.Invoke(exception);
        }
    }

    private void Look()
    {
        _isWatching = false;
        if (_questions.Count + _events.Count == 0)
            return;
        var isLate = _questions.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= Patience;
        var isStuck = _taken == _takenBefore && (_questions.Count > 0 || _telling < _maxTelling);
        if (isLate || isStuck)
        {
            if (_idle > 0)
                Monitor.Pulse(_lock);
            else if (_workers < maxThreads)
                AddWorker();
        }

        Watch();
    }
}
