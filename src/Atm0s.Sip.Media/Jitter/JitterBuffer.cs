using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Puts the packets of one source back on a time line of samples and plays it 20 ms at a time. What is late for its time is dropped; the
/// time line is moved, by splices, so that all but 2 % of the packets are in time and wait no longer than needed.
/// </summary>
internal sealed class JitterBuffer(IAudioDecoder decoder, bool hasComfortNoise, TimeSpan maximumDelay)
{
    private const double FrameMs = 20;
    private const double LeastWait = 5;        // ms that the late packets shall have left
    private const double MostWait = 45;        // more than this is too much: one frame goes
    private const double JumpMargin = 120;     // ms ahead of the longest delay: not the same time line
    private const double LateRunMs = 100;      // as long as nothing but late packets in sequence: the path has got longer

    private readonly PacketStore _store = new();
    private readonly TransitHistogram _transit = new();
    private readonly TimeScale _scale = new(decoder.SampleRate);
    private readonly PcmQueue _queue = new(decoder.SampleRate * 240 / 1000);
    private readonly int _rate = decoder.SampleRate;
    private readonly int _frame = decoder.SampleRate / 50;
    private readonly double _maximum = Math.Clamp(maximumDelay.TotalMilliseconds, 40, 1000);

    private bool _playing;              // the time line is fixed
    private long _sequence;             // next to decode
    private long _position;             // of the next sample to decode, in samples
    private double _lastRead;           // ms
    private double _play;               // when the sample at position 0 would be played, ms; the time line against the clock
    private int _sinceAudio;            // samples appended since the last decoded one
    private int _audible;               // samples at the front of the queue up to the last one that may be heard
    private int _packetSamples;         // of the last packet decoded
    private bool _quietGap;             // event or comfort noise: what is missing is silence
    private bool _leading;              // nothing decoded since the time line was fixed
    private double _tooMuchSince = -1;  // ms, since when the wait is too long
    private (long Sequence, long Position) _jump = (-1, 0);
    private (long Sequence, int Count, double Since) _lateRun = (-1, 0, 0);

    public long Concealed { get; private set; }

    public long Discarded { get; private set; }

    public long Removed { get; private set; }

    public long Inserted { get; private set; }

    public long Resyncs { get; private set; }

    /// <summary>How long packets wait until they are played, smoothed, in ms.</summary>
    public double WaitMs => _playing && !_transit.IsEmpty ? Math.Max(0, _play - _transit.Mean) : 0;

    private bool IsIdle => _sinceAudio >= 5 * _frame && _store.AudioCount == 0;

    /// <summary>Wait of the latest packets, in ms; below zero when they come too late.</summary>
    private double ShortestWait => _play - _transit.High;

    public void Restart()
    {
        _store.Clear();
        _transit.Clear();
        _queue.Clear();
        _audible = 0;
        _playing = false;
        _jump.Sequence = -1;
        _lateRun.Sequence = -1;
    }

    /// <param name="sequence">Extended sequence number.</param>
    /// <param name="position">Extended timestamp in samples.</param>
    /// <param name="payload">At most <see cref="PacketStore.MaxPayload"/> bytes.</param>
    /// <param name="now">Monotonic.</param>
    public RtpArrival PutAudio(long sequence, long position, ReadOnlySpan<byte> payload, TimeSpan now)
    {
        var time = now.TotalMilliseconds;
        var transit = time - Milliseconds(position);
        if (_playing)
        {
            if (_store.Knows(sequence)) return Refuse(sequence, RtpArrival.Duplicate, time, position, payload);
            var wait = _play - transit;
            if (wait > _maximum + JumpMargin || wait < -2000)
            {
                if (IsIdle) Resync();
                else if (sequence == _jump.Sequence + 1 && Math.Abs(Milliseconds(position - _jump.Position)) <= JumpMargin) Resync();
                else
                {
                    _jump = (sequence, position);
                    Discarded++;
                    return RtpArrival.Jump;
                }
            }
            else if (sequence < _sequence || wait < -Milliseconds(_packetSamples))
            {
                if (IsIdle) Resync();
                else return Refuse(sequence, RtpArrival.TooLate, time, position, payload);
            }
        }
        else if (_store.Knows(sequence))
        {
            return RtpArrival.Duplicate;
        }

        _jump.Sequence = -1;
        _lateRun.Sequence = -1;
        Keep(sequence, position, payload, transit);
        return RtpArrival.Accepted;
    }

    /// <summary>A sequence number without audio: an event, or comfort noise. What is missing after it is silence.</summary>
    public void PutFiller(long sequence)
    {
        if (_store.Knows(sequence) || (_playing && sequence < _sequence)) return;
        Discarded += _store.Put(sequence, 0, SlotKind.Filler, default);
    }

    /// <summary>Plays 20 ms.</summary>
    /// <returns>False when there is nothing to hear; <paramref name="pcm"/> is cleared then.</returns>
    public bool Read(Span<short> pcm, TimeSpan now)
    {
        _lastRead = now.TotalMilliseconds;
        if (!_playing || _store.NewestPosition > ReadPosition + Samples(_maximum + FrameMs + FrameMs))
        {
            if (!Anchor())
            {
                pcm.Clear();
                return false;
            }
        }

        SetClock(); // this frame is played now
        Fill(_frame, conceal: true);
        Adjust();

        var heard = _audible > 0;
        if (heard) _queue.Content[.._frame].CopyTo(pcm);
        else pcm.Clear();
        _queue.Drop(_frame);
        _audible = Math.Max(0, _audible - _frame);
        SetClock();
        _play += FrameMs; // the next frame is played at the next tick
        return heard;
    }

    private long ReadPosition => _position - _queue.Count;

    private double Milliseconds(long samples) => samples * 1000.0 / _rate;

    private long Samples(double milliseconds) => (long)(milliseconds * _rate / 1000);

    private void SetClock() => _play = _lastRead - Milliseconds(ReadPosition);

    private void Keep(long sequence, long position, ReadOnlySpan<byte> payload, double transit)
    {
        _transit.Add(transit);
        Discarded += _store.Put(sequence, position, SlotKind.Audio, payload);
    }

    private void Resync()
    {
        Restart();
        Resyncs++;
    }

    /// <summary>Drops a packet. When nothing but such packets come, in sequence and for some time, they are the new time line.</summary>
    private RtpArrival Refuse(long sequence, RtpArrival reason, double time, long position, ReadOnlySpan<byte> payload)
    {
        if (sequence != _lateRun.Sequence + 1) _lateRun = (sequence, 0, time);
        _lateRun.Sequence = sequence;
        if (++_lateRun.Count >= 4 && time - _lateRun.Since >= LateRunMs)
        {
            Resync();
            Keep(sequence, position, payload, time - Milliseconds(position));
            return RtpArrival.Accepted;
        }

        // That it came late tells how long to wait for others.
        if (reason == RtpArrival.TooLate) _transit.Add(time - Milliseconds(position));
        Discarded++;
        return reason;
    }

    /// <summary>Fixes the time line: the newest packet is played at the next tick, what is older than a frame is dropped.</summary>
    private bool Anchor()
    {
        if (_store.AudioCount == 0)
            return false;
        if (_playing)
            Resyncs++;
        var oldest = _store.NewestPosition - _frame;
        var first = _store.FirstFrom(0);
        while (first >= 0 && (_store.KindOf(first) != SlotKind.Audio || _store.PositionOf(first) < oldest))
        {
            if (_store.KindOf(first) == SlotKind.Audio)
                Discarded++;
            _store.Release(first);
            first = _store.FirstFrom(first + 1);
        }

        if (first < 0)
        {
            Restart();
            return false;
        }

        _playing = true;
        _leading = true;
        _quietGap = false;
        _queue.Clear();
        _audible = 0;
        _sinceAudio = 0;
        _position = oldest;
        _tooMuchSince = -1;
        _sequence = first;
        return true;
    }

    /// <summary>Decodes until so many samples wait; without <paramref name="conceal"/>, only what is there without a gap.</summary>
    private void Fill(int samples, bool conceal)
    {
        while (_queue.Count < samples)
        {
            var next = _store.FirstFrom(_sequence);
            if (next < 0)
            {
                if (!conceal) return;
                AppendMissing(samples - _queue.Count, default, loss: !_quietGap);
                continue;
            }

            if (_store.KindOf(next) == SlotKind.Filler)
            {
                _quietGap = true;
                Use(next);
                continue;
            }

            var gap = _store.PositionOf(next) - _position;
            if (gap <= 0)
            {
                DecodeNext(next, (int)Math.Min(-gap, int.MaxValue));
            }
            else
            {
                if (!conceal) return;
                // §5.1: sequence without a gap and timestamp with one is silence that was not sent; else packets are lost.
                var loss = next != _sequence && !_quietGap;
                var length = (int)Math.Min(gap, loss ? Math.Max(_packetSamples, _frame / 2) : samples - _queue.Count);
                AppendMissing(length, loss && length == gap ? _store.PayloadOf(next) : default, loss);
            }
        }
    }

    private void Use(long sequence)
    {
        _store.Release(sequence);
        _sequence = sequence + 1;
    }

    private void DecodeNext(long sequence, int overlap)
    {
        var target = _queue.Free(_rate * 120 / 1000);
        var decoded = decoder.Decode(_store.PayloadOf(sequence), target);
        Use(sequence);
        if (decoded <= 0)
        {
            Discarded++;
            return;
        }

        _packetSamples = decoded;
        if (overlap >= decoded)
        {
            // All of it was played or concealed before. The decoder has seen it, which does its state good.
            Discarded++;
            return;
        }

        if (overlap > 0) target[overlap..decoded].CopyTo(target);
        Append(decoded - overlap, audible: true);
        _sinceAudio = 0;
        _quietGap = false;
        _leading = false;
    }

    /// <summary>Stands in for audio that is not there: lost, late, or never sent.</summary>
    private void AppendMissing(int length, ReadOnlySpan<byte> next, bool loss)
    {
        length = Math.Min(length, 3 * _frame);
        var target = _queue.Free(length)[..length];
        var audible = !_leading && (loss || hasComfortNoise) && (_sinceAudio < 5 * _frame || hasComfortNoise && _sinceAudio < 25 * _frame);
        if (audible)
        {
            decoder.Conceal(target, next);
            if (loss) Concealed++;
        }
        else
        {
            target.Clear();
        }

        // When packets come later than they did, the time line stands still here: that costs nothing more.
        var waits = loss && audible && next.IsEmpty && _store.AudioCount == 0 && MayWaitMore;
        Append(length, audible);
        if (waits)
        {
            _position -= length;
            Inserted++;
            SetClock();
        }

        _sinceAudio = Math.Min(_sinceAudio + length, _rate);
    }

    private bool MayWaitMore => !_transit.IsEmpty && ShortestWait < LeastWait && WaitMs + FrameMs <= _maximum;

    private void Append(int length, bool audible)
    {
        _queue.Append(length);
        _position += length;
        if (audible) _audible = _queue.Count;
    }

    /// <summary>Clock drift and changing jitter: moves the time line by a splice, in silence when there is some.</summary>
    private void Adjust()
    {
        if (_leading || _transit.IsEmpty) return;
        SetClock();
        var shortest = ShortestWait;
        if (shortest < LeastWait)
        {
            _tooMuchSince = -1;
            if (!MayWaitMore) return;
            Fill(_scale.Window, conceal: false);
            if (_scale.Stretch(_queue) is var added and > 0) Moved(added);
            return;
        }

        if (shortest < MostWait)
        {
            _tooMuchSince = -1;
            return;
        }

        if (_tooMuchSince < 0) _tooMuchSince = _lastRead;
        Fill(_frame + _frame, conceal: false);
        if (_queue.Count < 2 * _frame) return;
        if (TimeScale.IsQuiet(_queue.Content[..(2 * _frame)]) || _lastRead - _tooMuchSince >= 500 || shortest > 2 * MostWait)
            Moved(-_scale.Shorten(_queue));
    }

    private void Moved(int samples)
    {
        if (samples == 0) return;
        if (samples > 0) Inserted++;
        else Removed++;
        _audible = _audible == 0 ? 0 : Math.Clamp(_audible + samples, 1, _queue.Count);
        _tooMuchSince = -1;
        SetClock();
    }
}
