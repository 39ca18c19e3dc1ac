using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Sounds;
using Atm0s.Sip.Media.Resampling;

namespace Atm0s.Sip.Recordings;

/// <summary>
/// Writes what a feed brings: (Held ->) Writing -> Ended, when it is stopped or the disk refuses. Runs on threads of its own, one at a time
/// for one recording. A disk that does not answer keeps nobody waiting for the end longer than <see cref="Patience"/>.
/// </summary>
internal sealed class RecordingWork : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Again = 2;
    // 0.8 s: with what waits to be written, a killed program loses a second.
    private const int CheckpointFrames = 40;
    private const int DiskFullLinux = 28;                       // ENOSPC
    private const int DiskFullWindows = unchecked((int)0x80070070);

    /// <summary>How long a disk may take to write the rest of a recording that has been stopped.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<RecordingEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<IRecordingFile> _open;
    private readonly SipScheduler _scheduler;
    private readonly TimeProvider _time;
    private readonly long _maxFrames;
    private readonly Action<RecordingWork> _onChanged;
    private readonly IResampler?[] _resamplers;
    private readonly short[] _frame;
    private readonly short[] _converted;
    private readonly short[] _one;
    private readonly short[] _oneConverted;
    private IRecordingFile? _file;
    private ITimer? _patience;
    private long _frames;
    private int _unsaved;
    private bool _isClosed;
    private int _end = -1;
    private int _state;

    /// <param name="open">Begins the file; on the scheduler.</param>
    /// <param name="feedRate">Rate of what comes, in Hz.</param>
    /// <param name="channels">1 or 2.</param>
    /// <param name="mixes">Whether both directions of a call go into one channel.</param>
    /// <param name="options">Rate of the file, limits.</param>
    /// <param name="scheduler">Where files are written.</param>
    /// <param name="onChanged">Is told when it pauses, goes on, or has ended.</param>
    /// <param name="time">Clock of <see cref="Patience"/>; null for the system's.</param>
    public RecordingWork(
        Func<IRecordingFile> open, int feedRate, int channels, bool mixes, RecordingOptions options, SipScheduler scheduler,
        Action<RecordingWork> onChanged, TimeProvider? time = null)
    {
        _open = open;
        _scheduler = scheduler;
        _onChanged = onChanged;
        _time = time ?? TimeProvider.System;
        _maxFrames = options.MaxDuration.Ticks / TimeSpan.FromMilliseconds(20).Ticks;
        Feed = new RecordingFeed(feedRate, channels, mixes, options.MaxWaiting, Wake) { IsPaused = options.StartPaused };
        _resamplers = [.. Enumerable.Range(0, channels).Select(_ => RateChain.Between(feedRate, options.SampleRate))];
        _frame = new short[feedRate / 50 * channels];
        _converted = new short[options.SampleRate / 50 * channels];
        _one = new short[feedRate / 50];
        _oneConverted = new short[options.SampleRate / 50];
    }

    public RecordingFeed Feed { get; }

    public Task<RecordingEnd> Ended => _ended.Task;

    public TimeSpan Recorded => TimeSpan.FromMilliseconds(20 * Volatile.Read(ref _frames));

    /// <summary>What the disk has said, when it refused.</summary>
    public Exception? Failure { get; private set; }

    public void SetPaused(bool paused)
    {
        if (Feed.IsPaused == paused || Ended.IsCompleted)
            return;
        Feed.IsPaused = paused;
        Tell();
    }

    /// <summary>Ends it; the first reason counts. Any thread.</summary>
    public void Stop(RecordingEnd why)
    {
        if (Interlocked.CompareExchange(ref _end, (int)why, -1) != -1)
            return;
        Feed.End();
        _patience = _time.CreateTimer(static work => ((RecordingWork)work!).GiveUp(), this, Patience, Timeout.InfiniteTimeSpan);
        Wake();
    }

    /// <summary>Does nothing until <see cref="Release"/>: it is not known yet whether there will be anything to record.</summary>
    public void Hold() => Volatile.Write(ref _state, Again);

    /// <summary>Begins, and does what has come meanwhile.</summary>
    public void Release() => _scheduler.Schedule(this);

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            Volatile.Write(ref _state, Running);
            if (!_isClosed)
                Run();
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    /// <summary>There is something to write. Any thread; also the tick.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _state, Again) == Idle)
            _scheduler.Schedule(this);
    }

    private void Run()
    {
        try
        {
            var end = Volatile.Read(ref _end);
            _file ??= _open();
            Drain(_file);
            if (end < 0 && _file.IsFull)
                Stop(RecordingEnd.MaxLength);
            if (end < 0)
                return;
            _file.Finish();
        }
#pragma warning disable CA1031 // Of the disk, or of an encoder: the recording ends, and nothing else.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failure = exception;
            Feed.End();
            var isFull = exception.HResult is DiskFullLinux or DiskFullWindows;
            Volatile.Write(ref _end, (int)(isFull ? RecordingEnd.DiskFull : RecordingEnd.Failed));
        }

        Close();
        _patience?.Dispose();
        if (_ended.TrySetResult((RecordingEnd)Volatile.Read(ref _end)))
            Tell();
    }

    // The thread of the disk that hangs may come back one day, and finds that it is over.
    private void GiveUp()
    {
        _patience?.Dispose();
        if (Ended.IsCompleted)
            return;
        Failure ??= new IOException("The disk does not answer.");
        if (_ended.TrySetResult(RecordingEnd.Failed))
            Tell();
    }

    private void Tell()
    {
        try
        {
            _onChanged(this);
        }
#pragma warning disable CA1031 // Of who listens, or of a log: the file is whole.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void Drain(IRecordingFile file)
    {
        while (_frames < _maxFrames && Feed.TryTake(_frame, out var lost))
        {
            for (; lost > 0 && _frames < _maxFrames; lost--)
                Write(file, default);
            Write(file, _frame);
        }

        if (_frames >= _maxFrames)
            Stop(RecordingEnd.MaxLength);
    }

    private void Write(IRecordingFile file, ReadOnlySpan<short> frame)
    {
        file.Write(Convert(frame));
        Volatile.Write(ref _frames, _frames + 1);
        if (++_unsaved < CheckpointFrames)
            return;
        _unsaved = 0;
        file.Checkpoint();
    }

    private ReadOnlySpan<short> Convert(ReadOnlySpan<short> frame)
    {
        var channels = _resamplers.Length;
        for (var channel = 0; channel < channels; channel++)
        {
            if (frame.IsEmpty)
                _one.AsSpan().Clear();
            for (var i = 0; i < _one.Length && !frame.IsEmpty; i++)
                _one[i] = frame[(i * channels) + channel];
            var converted = _one;
            if (_resamplers[channel] is { } resampler)
            {
                resampler.Process(_one, _oneConverted);
                converted = _oneConverted;
            }

            for (var i = 0; i < converted.Length; i++)
                _converted[(i * channels) + channel] = converted[i];
        }

        return _converted;
    }

    private void Close()
    {
        _isClosed = true;
        try
        {
            _file?.Dispose();
        }
#pragma warning disable CA1031 // Said before.
        catch (Exception)
#pragma warning restore CA1031
        {
            // A full disk refuses the rest once more.
        }
    }
}
