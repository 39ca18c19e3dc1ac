using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Forwarding;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Rooms;

/// <summary>
/// The audio of one call between its room of two and the host's SFU. The tick hands frames to the seat, or puts them where the host reads
/// them; all else happens on the scheduler.
/// </summary>
internal sealed class OpusPort : IOpusAudio, IOpusExchangeObserver, IGuardedWork
{
    private const int MaxNameLength = 256;
    private const int LostToTell = 50;

    private readonly IOpusRoomSeat _seat;
    private readonly OpusSeatOptions _options;
    private readonly SipScheduler _scheduler;
    private readonly Action<long> _tellLost;
    private readonly EncodedFrameQueue _unread;
    private readonly OpusExchange _exchange;
    private readonly Lock _lock = new();
    private readonly Lock _reading = new();
    private readonly Dictionary<string, OpusPortSource> _sources = new(StringComparer.Ordinal);
    private TaskCompletionSource _signal = NewSignal();
    private long _lostTold;
    private bool _isAwaited;            // volatile
    private volatile bool _isOpen;
    private volatile bool _isOver;

    /// <param name="seat">The host's.</param>
    /// <param name="options">Its limits, checked.</param>
    /// <param name="mix">The room of two; the call is not in it yet.</param>
    /// <param name="opus">What encodes and decodes.</param>
    /// <param name="scheduler">Runs what is not the tick's.</param>
    /// <param name="tellLost">Tells the seat how many frames it has lost.</param>
    public OpusPort(
        IOpusRoomSeat seat, OpusSeatOptions options, MixRoom mix, IOpusCodecProvider opus, SipScheduler scheduler, Action<long> tellLost)
    {
        _seat = seat;
        _options = options;
        _scheduler = scheduler;
        _tellLost = tellLost;
        _unread = new EncodedFrameQueue(options.MaxUnread);
        mix.MaxSpeakers = options.MaxSpeakers;
        var codec = new OpusCodec(opus, new OpusEncoderOptions { Bitrate = options.Bitrate, ExpectedLossPercent = 0 });
        _exchange = OpusExchange.Open(mix, codec, options.ForwardsSingleSpeaker, this);
    }

    public bool IsPassedThrough => _exchange.IsPassing;

    public long FramesLost => _unread.Lost;

    /// <summary>The host has its audio: it may get frames.</summary>
    public void Open() => _isOpen = true;

    /// <summary>The call has left.</summary>
    public void Close()
    {
        lock (_lock)
            _isOver = true;
        _scheduler.Schedule(this);
    }

    public bool TryRead(Span<byte> buffer, out OpusFrame frame)
    {
        lock (_reading)
        {
            var found = _unread.TryRead(buffer, out var encoded, out _);
            frame = found ? ToHost(encoded) : default;
            return found;
        }
    }

    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        while (_unread.Count == 0)
        {
            Task signal;
            lock (_lock)
            {
                if (_isOver)
                    return false;
                Volatile.Write(ref _isAwaited, true);
                signal = _signal.Task;
            }

            // What came before it was known that somebody waits.
            Interlocked.MemoryBarrier();
            if (_unread.Count == 0)
                await signal.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    public IOpusSource? AddSource(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxNameLength)
            throw new ArgumentException("A name has 256 characters at most.", nameof(name));
        lock (_lock)
        {
            if (_sources.ContainsKey(name))
                throw new InvalidOperationException($"The call has a source \"{name}\" already.");
            if (_sources.Count >= _options.MaxSources)
                throw new InvalidOperationException($"The call has {_sources.Count} sources, which are as many as there may be.");
            if (_isOver || _exchange.AddSource(_options.MaxQueued) is not { } source)
                return null;
            return _sources[name] = new OpusPortSource(this, name, source);
        }
    }

    /// <summary>A source is gone: its name may be another's.</summary>
    public void Forget(OpusPortSource source)
    {
        lock (_lock)
        {
            if (_sources.TryGetValue(source.Name, out var named) && ReferenceEquals(named, source))
                _sources.Remove(source.Name);
        }
    }

    public void OnFrame(in EncodedFrame frame)
    {
        if (!_isOpen || _isOver || _seat.OnFrame(ToHost(frame)))
            return;
        _unread.Write(frame, default);
        // Whoever has just found nothing has said before that he waits.
        Interlocked.MemoryBarrier();
        var lost = _unread.Lost - Volatile.Read(ref _lostTold);
        if (Volatile.Read(ref _isAwaited) || lost >= (Volatile.Read(ref _lostTold) == 0 ? 1 : LostToTell))
            _scheduler.Schedule(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Wake();
        var lost = _unread.Lost;
        if (Interlocked.Exchange(ref _lostTold, lost) == lost)
            return;
        try
        {
            _tellLost(lost);
        }
#pragma warning disable CA1031 // A log that throws, on a thread of the pool.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static OpusFrame ToHost(scoped in EncodedFrame frame) => new()
    {
        SequenceNumber = frame.SequenceNumber,
        Timestamp = frame.Timestamp,
        Samples = frame.Samples,
        Level = frame.Level,
        HasVoice = frame.HasVoice,
        Payload = frame.Payload,
    };

    private void Wake()
    {
        TaskCompletionSource due;
        lock (_lock)
        {
            if (!_isAwaited || (_unread.Count == 0 && !_isOver))
                return;
            due = _signal;
            _signal = NewSignal();
            Volatile.Write(ref _isAwaited, false);
        }

        due.SetResult();
    }
}
