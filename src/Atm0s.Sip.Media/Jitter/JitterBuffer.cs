using System.Diagnostics;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Puts the packets of one source back on a time line and plays it 20 ms at a time. The parts: <see cref="PacketStore"/> keeps what
/// waits, <see cref="PlayoutTimeline"/> tells which tick needs it, <see cref="DelayEstimator"/> how late packets come,
/// <see cref="DelayPolicy"/> whether to wait more or less, <see cref="TimeScale"/> does that, <see cref="FrameFiller"/> makes the samples.
/// Invariant between them: the queue of the filler holds the samples from <see cref="PlayoutTimeline.Next"/> to
/// <see cref="FrameFiller.End"/>.
/// </summary>
internal sealed class JitterBuffer : IDisposable
{
    private const double FrameMs = 20;
    private const double JumpMargin = 120;      // ms beyond the longest delay: another time line

    /// <summary>
    /// Milliseconds beyond the longest delay before the oldest audio is left out: more than <see cref="DelayEstimator.Beyond"/> and a frame,
    /// or what is waited for would be left out as soon as it is there, again and again.
    /// </summary>
    private const double BacklogMargin = DelayEstimator.Beyond + FrameMs;

    private const double OtherTime = 200;       // ms off after a pause: another time line
    private const double MaxStretch = 15;       // ms at once
    private const double MaxBridge = 60;        // ms of stretching at the end of what is there

    private readonly DecoderBank _bank;
    private readonly double _minimum;
    private readonly double _maximum;
    private readonly PacketStore _store = new();
    private readonly PlayoutFigures _figures = new();
    private readonly DelayEstimator _estimator;
    private readonly DelayPolicy _policy = new();
    private readonly Patience _patience = new();
    private readonly LineChange _change = new();
    private readonly RepairWatch _repairs = new();
    private readonly DecodeThrift _thrift = new();
    private readonly (FrameFiller Filler, PlayoutTimeline Timeline, TimeScale Scale)[] _players;

    private FrameFiller _filler;
    private PlayoutTimeline _timeline;
    private TimeScale _scale;
    private PlayState _state;
    private long _readAt;       // position of the frame read last
    private bool _hasOriginal;

    public JitterBuffer(IReadOnlyList<RtpFormat> formats, JitterBufferOptions options)
    {
        _minimum = Math.Clamp(options.MinimumDelay.TotalMilliseconds, 0, 400);
        _maximum = Math.Max(_minimum, Math.Clamp(options.MaximumDelay.TotalMilliseconds, 40, 400));
        _estimator = new DelayEstimator(_maximum);
        _bank = new DecoderBank(formats);
        _players = new (FrameFiller, PlayoutTimeline, TimeScale)[_bank.Count];
        for (var i = 0; i < _players.Length; i++)
        {
            var alike = Array.FindIndex(_players, 0, i, player => player.Filler.Plays(i));
            var rate = _bank.SampleRate(i);
            _players[i] = alike >= 0
                ? _players[alike]
                : (new FrameFiller(_store, _bank, i, _figures, _thrift), new PlayoutTimeline(rate), new TimeScale(rate));
        }

        (_filler, _timeline, _scale) = _players[0];
    }

    public PlayoutFigures Figures => _figures;

    public int SampleRate => _filler.SampleRate;

    /// <summary>Whether all packets of the next frame are here.</summary>
    public bool HasFrame => _state == PlayState.Playing && _filler.Ahead(_timeline.Frame, out _) >= _timeline.Frame;

    /// <summary>Whole frames whose packets are here, up to five.</summary>
    public int FramesWaiting =>
        _state == PlayState.Playing ? Math.Min(5, _filler.Ahead(5 * _timeline.Frame, out _) / _timeline.Frame) : 0;

    /// <summary>Which packets are decoded while nobody hears them.</summary>
    public DecodeThrift Thrift => _thrift;

    /// <summary>Whether half of the frame read last was decoded, or more: packets need not begin where frames do.</summary>
    public bool IsFrameWhole { get; private set; } = true;

    /// <summary>The packet that the frame read last is, or that begins in it; until the next read.</summary>
    public OriginalPacket Original =>
        _hasOriginal && _filler.Originals.TryFind(_readAt, _timeline.Frame, out var format, out var number, out var isExact, out var payload)
            ? new OriginalPacket(_bank.CodecOf(format), payload, isExact, number)
            : default;

    /// <summary>How long packets wait until they are played, smoothed, in ms.</summary>
    public double WaitMs => _state == PlayState.Playing ? _filler.WaitMs : 0;

    /// <summary>How much later the media is read than it was sampled, in ms of the sender's clock; 0 when nothing is played.</summary>
    public double Lag => _state == PlayState.Playing ? _timeline.Lag : 0;

    /// <summary>The invariant between the parts: the queue holds what lies between the read and the write position.</summary>
    public bool IsAligned => _state != PlayState.Playing || _filler.End - _timeline.Next == _filler.Queue.Count;

    /// <summary>Whether all decoders are of this library.</summary>
    public bool HasOurCodecsOnly => _bank.IsOurs;

    public int Find(byte payloadType) => _bank.Find(payloadType);

    public int ClockRate(int format) => _bank.ClockRate(format);

    /// <summary>Another source, or the same one started anew: nothing of the past holds.</summary>
    public void Restart()
    {
        _store.Clear();
        _estimator.Clear();
        _policy.Restart();
        _state = PlayState.Fresh;
        _patience.Restart();
        _change.Reset();
        foreach (var player in _players)
            player.Filler.Forget();
    }

    /// <param name="sequence">Extended sequence number.</param>
    /// <param name="timestamp">Extended timestamp.</param>
    /// <param name="format">Index of the format.</param>
    /// <param name="payload">At most <see cref="PacketStore.MaxPayload"/> bytes.</param>
    /// <param name="arrival">When it came, on the clock of the ticks; may be before the last one.</param>
    public RtpArrival PutAudio(long sequence, long timestamp, int format, ReadOnlySpan<byte> payload, TimeSpan arrival)
    {
        if (_store.Knows(sequence))
            return RtpArrival.Duplicate;
        var plays = _filler.Plays(format);
        if (_state == PlayState.Playing)
        {
            if (sequence < _filler.Sequence)
                return OnLate(sequence, timestamp, format, payload, arrival);
            if (plays && IsOffTheLine(timestamp, arrival))
            {
                if (!_change.OnJump(sequence, MediaTime(timestamp)) && !IsOver)
                {
                    _figures.Discarded++;
                    return RtpArrival.Jump;
                }

                Resync();
            }
        }

        _patience.OnArrival(arrival, sequence < _store.Newest);
        _change.Reset();
        return Keep(sequence, timestamp, format, payload, arrival) ? RtpArrival.Accepted : RtpArrival.TooLate;
    }

    /// <summary>A sequence number without audio: an event, or comfort noise. What is missing after it is silence.</summary>
    public void PutFiller(long sequence, PacketKind kind, ReadOnlySpan<byte> payload, TimeSpan arrival)
    {
        if (_state == PlayState.Playing && sequence < _filler.Sequence)
            return;
        _store.TryPut(sequence, 0, kind, 0, payload, arrival, out var lost);
        _figures.Discarded += lost;
    }

    /// <summary>Lets the rate change when the next packet is of a format with another one. Between reads.</summary>
    public void Prepare()
    {
        if (!TryFindAudio(_state == PlayState.Playing ? _filler.Sequence : 0, out var next) || _filler.Plays(next.Format))
            return;
        _filler.Originals.Clear();
        (_filler, _timeline, _scale) = _players[next.Format];
        _estimator.Clear();
        _policy.Restart();
        _state = PlayState.Fresh;
        _figures.Resyncs++;
    }

    /// <summary>Plays 20 ms.</summary>
    /// <returns>False when there is nothing to hear; <paramref name="pcm"/> is cleared then.</returns>
    public bool Read(Span<short> pcm, TimeSpan now)
    {
        _hasOriginal = false;
        _estimator.OnTick(now, FrameMs - Step);
        if (_state == PlayState.Playing && _filler.IsIdle && !_store.TryPeek(_filler.Sequence, out _))
            _state = PlayState.Paused;
        if (_state == PlayState.Playing)
            _timeline.Begin(now);
        else if (!TryAnchor(now))
        {
            IsFrameWhole = true;
            if (_state == PlayState.Paused)
                _filler.FillIdle(pcm);
            else
                pcm.Clear();
            return pcm.IndexOfAnyExcept((short)0) >= 0;
        }

        LimitBacklog();
        Resolve();
        _filler.Fill(_timeline.Frame, conceal: true, now);
        _repairs.Note(_filler.RepairableLosses, now);
        _patience.Settle(_filler.Sequence, _store);
        Adjust(now);
        Debug.Assert(IsAligned && _filler.Queue.Count >= _timeline.Frame, "The queue begins where the next frame does, and holds it.");

        var (start, end) = _filler.LeftOut;
        var missing = Math.Min(end, _timeline.Next + _timeline.Frame) - Math.Max(start, _timeline.Next);
        IsFrameWhole = missing <= _timeline.Frame / 2;
        var queue = _filler.Queue;
        queue.Content[..pcm.Length].CopyTo(pcm);
        queue.Drop(pcm.Length);
        (_readAt, _hasOriginal) = (_timeline.Next, true);
        _timeline.Advance();
        return pcm.IndexOfAnyExcept((short)0) >= 0;
    }

    public void Dispose() => _bank.Dispose();

    /// <summary>The step of <see cref="DelayPolicy"/>, in ms.</summary>
    private double Step => _timeline.Milliseconds(_filler.StepSamples);

    /// <summary>Where in a step packets start, in samples.</summary>
    private int OffsetSamples(long position)
    {
        var offset = (int)((position - _timeline.Next) % _filler.StepSamples);
        return offset < 0 ? offset + _filler.StepSamples : offset;
    }

    /// <summary>Transit that the time line waits for, in ms.</summary>
    private double Transit(TimeSpan now)
    {
        var repair = _repairs.Waits(now) ? _timeline.Milliseconds(_filler.PacketSamples) : 0;
        return Math.Clamp(_estimator.Target + repair, _estimator.Earliest + _minimum, _estimator.Earliest + _maximum);
    }

    private double Spare(long position, TimeSpan now) =>
        DelayPolicy.Spare(_timeline.Lag, Transit(now), _timeline.Milliseconds(OffsetSamples(position)), Step);

    /// <summary>Milliseconds by which the delay is below the longest one allowed.</summary>
    private double Room(long position) =>
        -DelayPolicy.Spare(_timeline.Lag, _estimator.Earliest + _maximum, _timeline.Milliseconds(OffsetSamples(position)), Step);

    // A sample too few would let packets begin beside frames for ever.
    private int Samples(double milliseconds) =>
        (int)Math.Round(Math.Clamp(milliseconds, -10_000, 10_000) * _filler.SampleRate / 1000, MidpointRounding.ToZero);

    private bool Keep(long sequence, long timestamp, int format, ReadOnlySpan<byte> payload, TimeSpan arrival)
    {
        if (!_store.TryPut(sequence, timestamp, PacketKind.Audio, (byte)format, payload, arrival, out var lost))
        {
            _figures.Discarded++;
            return false;
        }

        _figures.Discarded += lost;
        if (_filler.Plays(format))
            _estimator.OnArrival(MediaTime(timestamp), arrival);
        return true;
    }

    private bool TryFindAudio(long from, out StoredPacket packet)
    {
        for (; _store.TryPeek(from, out packet); from = packet.Sequence + 1)
        {
            if (packet.Kind == PacketKind.Audio)
                return true;
        }

        return false;
    }

    private double MediaTime(long timestamp) => _timeline.Milliseconds(_filler.PositionOf(timestamp));

    /// <summary>Whether all that came was played, some time ago: another time line costs nothing then.</summary>
    private bool IsOver => _filler.Gap >= 5 * _timeline.Frame && !_store.TryPeek(_filler.Sequence, out _);

    /// <summary>Whether a packet can't belong to the time line: much too early for its arrival, or before what was decoded.</summary>
    private bool IsOffTheLine(long timestamp, TimeSpan arrival)
    {
        var position = _filler.PositionOf(timestamp);
        var wait = (_timeline.ReadAt(position) - arrival).TotalMilliseconds;
        var end = position + Math.Max(_filler.PacketSamples, _timeline.Frame);
        return wait > _maximum + JumpMargin + FrameMs || end <= _filler.End - _filler.Gap;
    }

    private void Resync()
    {
        Restart();
        _figures.Resyncs++;
    }

    /// <summary>Its turn is over. When nothing but such packets come, in sequence and for some time, they are the stream.</summary>
    private RtpArrival OnLate(long sequence, long timestamp, int format, ReadOnlySpan<byte> payload, TimeSpan arrival)
    {
        if (_change.OnLate(sequence, arrival))
        {
            Resync();
            return Keep(sequence, timestamp, format, payload, arrival) ? RtpArrival.Accepted : RtpArrival.TooLate;
        }

        // That it came late tells how long to wait for others.
        _patience.OnLate(arrival);
        if (_filler.Plays(format))
            _estimator.OnArrival(MediaTime(timestamp), arrival);
        _figures.Discarded++;
        return RtpArrival.TooLate;
    }

    /// <summary>Fixes the time line: at the newest packet that waits at the start, at the oldest not too old after a pause.</summary>
    private bool TryAnchor(TimeSpan now)
    {
        if (!TryFindAudio(0, out var first) || !_filler.Plays(first.Format))
            return false;
        var newest = first;
        while (_store.TryPeek(newest.Sequence + 1, out var packet))
        {
            if (packet.Kind != PacketKind.Audio || !_filler.Plays(packet.Format))
                break;
            newest = packet;
        }

        var lag = now.TotalMilliseconds;
        var transit = lag - MediaTime(newest.Timestamp);
        var fresh = _state == PlayState.Fresh
            || transit > _estimator.Mean + _maximum + OtherTime
            || transit < _estimator.Mean - OtherTime; // the mean, for the earliest is that of this very packet
        var oldest = fresh
            ? _filler.PositionOf(newest.Timestamp) - _timeline.Frame + 1
            : (long)((lag - _estimator.Earliest - _maximum - FrameMs) * _filler.SampleRate / 1000);
        oldest = Math.Min(oldest, _filler.PositionOf(newest.Timestamp));
        _filler.Begin(first.Sequence, _filler.PositionOf(first.Timestamp), 0);
        _filler.SkipTo(oldest);
        if (!TryFindAudio(0, out first) || !_filler.Plays(first.Format))
            return false;
        if (fresh)
            Learn(now);

        var position = _filler.PositionOf(first.Timestamp);
        _filler.Begin(first.Sequence, position, 0);
        if (fresh)
            _filler.Fill(1, conceal: false, now); // tells how long its packets are
        if (fresh && _filler.Queue.Count == 0)
            return false;
        _timeline.Fix(position, now);
        var lack = Samples(DelayPolicy.Lack(Spare(position, now), Step));
        if (fresh)
        {
            lack = Math.Min(lack, 2 * _timeline.Frame);
            _filler.Queue.Prepend(lack);
        }
        else
        {
            _filler.Begin(first.Sequence, position, lack);
        }

        _timeline.Shift(lack);
        _policy.Restart();
        _state = PlayState.Playing;
        return true;
    }

    /// <summary>What waits is all that is known of the stream.</summary>
    private void Learn(TimeSpan now)
    {
        _estimator.Clear();
        for (var from = 0L; _store.TryPeek(from, out var packet); from = packet.Sequence + 1)
        {
            if (packet.Kind == PacketKind.Audio && _filler.Plays(packet.Format))
                _estimator.OnArrival(MediaTime(packet.Timestamp), packet.Arrival);
        }

        _estimator.OnTick(now, FrameMs);
    }

    /// <summary>More audio waits than may: the oldest goes.</summary>
    private void LimitBacklog()
    {
        var over = -Room(_filler.End);
        if (over <= BacklogMargin || !_store.TryPeek(_filler.Sequence, out _))
            return;
        var left = _filler.SkipTo(_filler.End + Samples(over));
        _timeline.Shift(-left);
        _figures.Resyncs++;
    }

    /// <summary>The next packet is behind or before its time: the time line gives way as far as that loses nothing.</summary>
    private void Resolve()
    {
        if (_filler.Queue.Count >= _timeline.Frame)
            return;
        _filler.TakeFillers();
        if (!_store.TryPeek(_filler.Sequence, out var packet) || packet.Kind != PacketKind.Audio || !_filler.Plays(packet.Format))
            return;
        var position = _filler.PositionOf(packet.Timestamp);
        var spare = Spare(position, _timeline.Tick);
        if (position < _filler.End)
        {
            var late = Math.Min(_filler.End - position, _filler.Gap);
            var samples = (int)Math.Clamp(Samples(Room(position) + BacklogMargin), 0, Math.Max(0, late));
            _filler.Rewind(samples);
            _timeline.Shift(samples);
        }
        else if (_filler.IsPause && packet.Sequence == _filler.Sequence)
        {
            var offset = _timeline.Milliseconds(OffsetSamples(position));
            var samples = (int)Math.Clamp(Samples(DelayPolicy.Excess(spare, offset, Step)), 0, position - _filler.End);
            _filler.Skip(samples);
            _timeline.Shift(-samples);
        }
    }

    /// <summary>Waits longer before the audio runs out, and less when it waits for nothing.</summary>
    private void Adjust(TimeSpan now)
    {
        if (TryBridge(now))
            return;
        var offset = _timeline.Milliseconds(OffsetSamples(_filler.End));
        var spare = Spare(_filler.End, now);
        var advice = _policy.Advise(spare, offset, Step, now);
        if (advice.Milliseconds > 0 && Room(_filler.End) > 0)
            Stretch(advice.Milliseconds, advice.LeastAlike, now);
        else if (advice.Milliseconds < 0)
            Shorten(-advice.Milliseconds, advice.LeastAlike, now);
    }

    /// <summary>
    /// What is to follow is late even for its own path: the audio that is there is stretched before it ends. In a stall that begins
    /// early and goes as far as stalls go; the last frame is made two, so that the packet has another tick to come.
    /// </summary>
    private bool TryBridge(TimeSpan now)
    {
        if (_filler.IsPause || _filler.IsStarved || !_patience.IsLeft || _timeline.Lag - FrameMs < _estimator.Usual)
            return false;
        var horizon = 5 * _timeline.Frame;
        var ahead = _filler.Ahead(horizon, out var missing);
        var transit = now.TotalMilliseconds - _timeline.Milliseconds(_timeline.Next + ahead);
        if (ahead >= horizon || transit < _estimator.Usual)
            return false;
        var ends = ahead < 2 * _timeline.Frame;
        if (!ends && !IsStalled(transit, now))
            return false;

        // With packets behind it, it is lost rather than late, unless packets overtake each other on this path.
        if (_store.TryPeek(missing, out var behind) && (behind.Sequence == missing || !_patience.MayBeOvertaken(now)))
            return false;

        // The same sound for longer than this is no voice any more.
        var most = ends ? Samples(MaxBridge) - _patience.Bridged : int.MaxValue;
        for (var i = 0; i < 2 && most > 0 && Room(_filler.End) + BacklogMargin > MaxStretch; i++)
        {
            var added = Stretch(Math.Min(MaxStretch, _timeline.Milliseconds(most)), DelayAdvice.Anywhere, now);
            _patience.Bridged += added;
            most -= added;
            if (added > 0)
                _patience.Await(missing);
            if (!ends || _filler.Queue.Count >= 2 * _timeline.Frame)
                break;
        }

        return true;
    }

    /// <summary>Whether nothing comes, and what is there is shorter than a stall may be.</summary>
    private bool IsStalled(double transit, TimeSpan now)
    {
        var silent = (now - _patience.LastArrival).TotalMilliseconds >= 2.5 * _timeline.Milliseconds(_filler.PacketSamples);
        var offset = _timeline.Milliseconds(OffsetSamples(_filler.End));
        var spare = DelayPolicy.Spare(_timeline.Lag, _estimator.Latest, offset, Step);
        return (silent || transit >= _estimator.Stalled) && spare <= FrameMs + 2;
    }

    private int Stretch(double milliseconds, float leastAlike, TimeSpan now)
    {
        var most = Samples(Math.Min(milliseconds, MaxStretch));
        _filler.Fill(_scale.Window(most), conceal: false, now);
        var added = _scale.Stretch(_filler.Queue, most, leastAlike);
        if (added == 0)
            return 0;
        _filler.Originals.OnScaled(_timeline.Next);
        _timeline.Shift(added);
        _figures.CountInserted(added, _filler.SampleRate);
        _policy.Changed(now);
        return added;
    }

    private void Shorten(double milliseconds, float leastAlike, TimeSpan now)
    {
        var most = Samples(Math.Min(milliseconds, FrameMs));
        _filler.Fill(_timeline.Frame + _scale.Window(most), conceal: false, now);
        var removed = _scale.Shorten(_filler.Queue, most, _timeline.Frame, leastAlike);
        if (removed == 0)
            return;
        _timeline.Shift(-removed);
        _filler.Originals.OnScaled(_timeline.Next);
        _figures.CountRemoved(removed, _filler.SampleRate);
        _policy.Changed(now);
    }
}
