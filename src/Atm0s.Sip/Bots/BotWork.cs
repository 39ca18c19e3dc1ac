using System.Threading.Channels;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;

namespace Atm0s.Sip.Bots;

/// <summary>
/// What a bot does beside the tick: its callbacks, its events, and whoever waits for audio, for room, or for the end of what was said.
/// The tick only wakes it; one thread at a time runs it. Where the host's own code is called, which may block, that is none of the thread
/// pool, which the signalling needs.
/// </summary>
internal sealed class BotWork : IGuardedWork
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Again = 2;
    private const int MaxEvents = 256;

    private readonly BotPort _port;
    private readonly RoomBotOptions _options;
    private readonly SipScheduler _scheduler;
    private readonly HookWorkers? _workers;
    private readonly PostedWork _run;
    private readonly Action<Exception> _onFailed;
    private readonly BotNews _news = new(MaxEvents);
    private readonly Channel<RoomBotEvent> _events = Channel.CreateBounded<RoomBotEvent>(
        new BoundedChannelOptions(MaxEvents) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Lock _waiting = new();
    private readonly Queue<BotMark> _marks = new();
    private TaskCompletionSource _heard = NewSignal();
    private TaskCompletionSource _said = NewSignal();
    private readonly short[] _frame;
    private readonly short[] _answer;
    private long _nextMark = long.MaxValue;
    private long _droppedAt = -1;   // what had been said when some of it was dropped that no mark tells of
    private long _waitPosition;     // of the wait that was asked for last
    private TaskCompletionSource<bool>? _wait;
    private bool _wantsAudio;    // volatile
    private bool _wantsRoom;     // volatile
    private bool _isTalking;
    private volatile bool _isOver;
    private bool _hasFailed;
    private int _state;

    /// <param name="port">Its audio.</param>
    /// <param name="options">Its callbacks.</param>
    /// <param name="scheduler">Where it runs.</param>
    /// <param name="onFailed">Is told the first thing that a callback throws.</param>
    /// <param name="workers">Where the callbacks run; null when none of them blocks.</param>
    public BotWork(BotPort port, RoomBotOptions options, SipScheduler scheduler, Action<Exception> onFailed, HookWorkers? workers)
    {
        _workers = options.OnFrame is null && options.OnEvent is null ? null : workers;
        _run = new PostedWork(RunAll);
        _port = port;
        _options = options;
        _scheduler = scheduler;
        _onFailed = onFailed;
        _frame = new short[port.FrameLength];
        _answer = new short[port.FrameLength];
    }

    public ChannelReader<RoomBotEvent> Events => _events.Reader;

    /// <summary>Whether others talk, as was told last.</summary>
    public bool IsTalking => Volatile.Read(ref _isTalking);

    public bool IsOver => _isOver;

    /// <summary>The room has heard all before this position. The tick.</summary>
    public void OnSaid(long position)
    {
        if (Volatile.Read(ref _wantsRoom) || position >= Volatile.Read(ref _nextMark) || _port.Speech.IsSpacious)
            Wake();
    }

    /// <summary>There is 20 ms more to hear. The tick.</summary>
    /// <param name="talks">Whether others talk, when that has changed.</param>
    public void OnHeard(bool? talks)
    {
        if (talks is { } now)
            _news.SetTalking(now);
        if (Volatile.Read(ref _wantsAudio) || talks is not null || _options.OnFrame is not null)
            Wake();
    }

    /// <summary>Something happened that the bot is told of. Any thread.</summary>
    public void Tell(RoomBotEvent what)
    {
        _news.Add(what);
        Wake();
    }

    /// <summary>Completes when there may be more to hear, or never will be.</summary>
    public Task WaitForAudioAsync()
    {
        lock (_waiting)
        {
            if (_isOver)
                return Task.CompletedTask;
            _wantsAudio = true;
            return _heard.Task;
        }
    }

    /// <summary>Completes when there may be room for more to say, or never will be.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_waiting)
        {
            if (_isOver)
                return Task.CompletedTask;
            _wantsRoom = true;
            return _said.Task;
        }
    }

    /// <summary>Tells when all that was said so far has been heard, or dropped.</summary>
    /// <param name="onDone">Gets whether it was heard. On the scheduler, in the order of the marks.</param>
    public void Mark(Action<bool> onDone)
    {
        lock (_waiting)
            AddMark(_port.Speech.Written, onDone);
        Wake();
    }

    /// <summary>
    /// Completes when all that was said so far has been heard, or dropped. Who asks again before anything more is said waits for the same:
    /// there are no more waits than samples that wait.
    /// </summary>
    public Task<bool> WhenHeardAsync()
    {
        TaskCompletionSource<bool> wait;
        lock (_waiting)
        {
            var position = _port.Speech.Written;
            if (_wait is { } last && _waitPosition == position && position > _port.Speech.Taken)
                return last.Task;
            (_wait, _waitPosition) = (wait = new(TaskCreationOptions.RunContinuationsAsynchronously), position);
            AddMark(position, heard => wait.TrySetResult(heard));
        }

        Wake();
        return wait.Task;
    }

    /// <summary>Drops what waits to be said.</summary>
    public BotPlayback Flush()
    {
        (long Position, long Heard, long Dropped) flushed;
        lock (_waiting)
        {
            flushed = Drop();
        }

        Wake();
        return new BotPlayback(_port.TimeOf(flushed.Heard), _port.TimeOf(flushed.Dropped));
    }

    /// <summary>The bot has left: whoever waits goes on.</summary>
    public void End()
    {
        lock (_waiting)
        {
            if (_isOver)
                return;
            Drop();
            _isOver = true;
        }

        Wake();
    }

    /// <summary>Runs soon, beside the tick. Any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _state, Again) == Idle)
            _scheduler.Schedule(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Not by the tick itself, which must wait for no lock.
        if (_workers is { } workers)
            workers.Run(_run);
        else
            RunAll();
    }

    private void RunAll()
    {
        do
        {
            Volatile.Write(ref _state, Running);
            try
            {
                Run();
            }
#pragma warning disable CA1031 // On a thread of the pool: it costs this round, and neither the bot nor the process.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(exception);
            }
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    private void AddMark(long position, Action<bool> onDone)
    {
        // Where nothing was said since some of it was dropped, it is of that.
        _marks.Enqueue(new BotMark(position, onDone) { IsDropped = position == _droppedAt });
        if (_marks.Count == 1)
            Volatile.Write(ref _nextMark, position);
    }

    private (long Position, long Heard, long Dropped) Drop()
    {
        var dropped = _port.Speech.Flush();
        var (end, isTold) = (dropped.Position + dropped.Dropped, false);
        foreach (var mark in _marks)
        {
            mark.IsDropped |= mark.Position > dropped.Position;
            isTold |= mark.Position == end;
        }

        if (dropped.Dropped > 0 && !isTold)
            _droppedAt = end;
        return dropped;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        CompleteMarks();
        Signal(ref _heard, ref _wantsAudio, _wantsAudio && (_isOver || _port.Hearing.Count > 0));
        Signal(ref _said, ref _wantsRoom, _wantsRoom && (_isOver || _port.Speech.Free > 0));
        _port.Speech.Trim();
        while (_news.TryTake(out var what))
        {
            if (what is RoomBotEvent.Talking talking)
                Volatile.Write(ref _isTalking, talking.IsTalking);
            Publish(what);
        }

        if (_options.OnFrame is { } handler)
            Answer(handler);
        if (_isOver)
            _events.Writer.TryComplete();
    }

    private void Publish(RoomBotEvent what)
    {
        _events.Writer.TryWrite(what);
        if (_options.OnEvent is not { } handler)
            return;
        try
        {
            handler(what);
        }
#pragma warning disable CA1031 // What the host's code throws is its own affair, and is told once.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }

    private void Answer(RoomBotFrame handler)
    {
        while (!_isOver && _port.Hearing.Read(_frame, whole: true) > 0)
        {
            var speaks = false;
            try
            {
                speaks = handler(_frame, _answer);
            }
#pragma warning disable CA1031 // Counts as silence, and is told once.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(exception);
            }

            if (speaks)
                _port.Speech.Write(_answer);
        }
    }

    private void Fail(Exception exception)
    {
        if (_hasFailed)
            return;
        _hasFailed = true;
        try
        {
            _onFailed(exception);
        }
#pragma warning disable CA1031 // A log that throws, too: on a thread of the pool it would end the process.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void CompleteMarks()
    {
        while (true)
        {
            BotMark mark;
            lock (_waiting)
            {
                if (!_marks.TryPeek(out mark!) || (!mark.IsDropped && mark.Position > _port.Speech.Taken))
                {
                    Volatile.Write(ref _nextMark, mark?.Position ?? long.MaxValue);
                    return;
                }

                _marks.Dequeue();
            }

            try
            {
                mark.OnDone(!mark.IsDropped);
            }
#pragma warning disable CA1031 // The other marks are answered all the same.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(exception);
            }
        }
    }

    private void Signal(ref TaskCompletionSource signal, ref bool isWanted, bool isDue)
    {
        if (!isDue)
            return;
        TaskCompletionSource due;
        lock (_waiting)
        {
            due = signal;
            signal = NewSignal();
            Volatile.Write(ref isWanted, false);
        }

        due.SetResult();
    }
}
