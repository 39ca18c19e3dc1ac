using System.Diagnostics;
using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.ComfortNoise;

namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Turns the packets of one time line into samples without a gap: decodes what is there, conceals what is lost, fills pauses. Invariants:
/// <see cref="End"/> grows with each sample appended and is taken back only by <see cref="Rewind"/>, never before the last decoded
/// sample; each round of <see cref="Fill"/> appends a sample or takes a packet, so it ends.
/// </summary>
internal sealed class FrameFiller
{
    private readonly PacketStore _store;
    private readonly DecoderBank _bank;
    private readonly PlayoutFigures _figures;
    private readonly DecodeThrift _thrift;
    private readonly OriginalPackets _originals;
    private readonly int _clockRate;
    private readonly int _sampleRate;
    private readonly int _frame;
    private readonly int _silenceAfter;     // nothing is made up for longer than this

    private readonly int _maxGap;           // a packet further ahead than this is of no use

    private readonly ComfortNoiseGenerator? _noise;

    private int _format;
    private bool _hasNoise;
    private FillKind _last;
    private long _contentEnd;               // behind the last decoded sample
    private int _unsure;                    // made up since, nobody knows yet whether for a loss or in a pause
    private bool _pause;                    // what is missing is known not to have been sent
    private bool _faded;                    // what the decoder makes up has become silence
    private bool _cut;                      // the next packet does not follow the last one: blend
    private TimeSpan _tick;

    public FrameFiller(PacketStore store, DecoderBank bank, int format, PlayoutFigures figures, DecodeThrift thrift)
    {
        _thrift = thrift;
        _store = store;
        _originals = new OriginalPackets(store);
        _bank = bank;
        _figures = figures;
        _format = format;
        _clockRate = bank.ClockRate(format);
        _sampleRate = bank.SampleRate(format);
        _frame = _sampleRate / 50;
        _silenceAfter = _sampleRate;
        _maxGap = _sampleRate;
        SetPacketSamples(_frame);
        _noise = _sampleRate is 8000 or 16000 or 48000 ? new ComfortNoiseGenerator(_sampleRate) : null;
        Queue = new PcmQueue(_sampleRate * 240 / 1000);
    }

    public int SampleRate => _sampleRate;

    /// <summary>Samples ready to be read.</summary>
    public PcmQueue Queue { get; }

    /// <summary>Number of the next packet to take.</summary>
    public long Sequence { get; private set; }

    /// <summary>Position behind the last sample of <see cref="Queue"/>.</summary>
    public long End { get; private set; }

    /// <summary>Samples of the last packet decoded.</summary>
    public int PacketSamples { get; private set; }

    /// <summary>Greatest common divisor of packet and frame.</summary>
    public int StepSamples { get; private set; }

    /// <summary>Samples appended since the last decoded one.</summary>
    public long Gap => End - _contentEnd;

    /// <summary>Whether nothing has been sent, or come, for so long that the next packet starts anew.</summary>
    public bool IsIdle => Gap >= _silenceAfter;

    /// <summary>Whether something is made up for want of any packet, and may turn out to be too much.</summary>
    public bool IsStarved => _unsure > 0;

    /// <summary>Whether what was appended last is a pause.</summary>
    public bool IsPause => _last is FillKind.Pause or FillKind.Nothing;

    /// <summary>Positions of the packets that were left out last, one behind the other.</summary>
    public (long Start, long End) LeftOut { get; private set; }

    /// <summary>How long packets had waited when they were decoded, smoothed, in ms.</summary>
    public double WaitMs { get; private set; }

    /// <summary>Losses since the start with a packet behind them that carries a copy.</summary>
    public long RepairableLosses { get; private set; }

    /// <summary>The packets whose samples lie in the queue.</summary>
    public OriginalPackets Originals => _originals;

    /// <summary>Starts a time line with this packet, after silence.</summary>
    public void Begin(long sequence, long position, int silence)
    {
        _originals.Clear();
        Queue.Clear();
        Sequence = sequence;
        _contentEnd = End = position - silence;
        _last = FillKind.Nothing;
        LeftOut = (End, End);
        _unsure = 0;
        _pause = _faded = _cut = false;
    }

    /// <summary>Another source: its background is not known.</summary>
    public void Forget() => _hasNoise = false;

    /// <summary>Plays on in a pause that has no end yet; silence when the sender described no noise.</summary>
    public void FillIdle(Span<short> pcm)
    {
        TakeFillers();
        FillPause(pcm);
    }

    /// <summary>Position of a timestamp on this time line.</summary>
    public long PositionOf(long timestamp) => timestamp * _sampleRate / _clockRate;

    /// <summary>Whether a format can be played here.</summary>
    public bool Plays(int format) => _bank.AreAlike(format, _format);

    /// <summary>Makes up to so many samples of what was made up undone, so that a late packet is played after it and not lost.</summary>
    public void Rewind(int samples)
    {
        Debug.Assert(samples >= 0 && samples <= Gap, "Decoded audio is never taken back.");
        _originals.Clear();
        End -= samples;
    }

    /// <summary>Leaves out so many samples of a pause that are not made yet.</summary>
    public void Skip(int samples)
    {
        Debug.Assert(samples >= 0, "Only forward.");
        _originals.Clear();
        End += samples;
        _contentEnd += samples;
    }

    /// <summary>Leaves out packets that start before this position: they have waited too long.</summary>
    /// <returns>Samples left out.</returns>
    public int SkipTo(long position)
    {
        var from = End;
        _originals.Clear();
        while (_store.TryPeek(Sequence, out var packet))
        {
            if (packet.Kind == PacketKind.Audio)
            {
                if (!Plays(packet.Format))
                    break;
                if (PositionOf(packet.Timestamp) is var start && start >= position && start - position <= _maxGap)
                {
                    position = start;
                    break;
                }

                Discard(packet.Sequence);
                continue;
            }

            Take(packet.Sequence);
        }

        End = Math.Max(End, position);
        _contentEnd = Math.Max(_contentEnd, End);
        _cut = true;
        return (int)(End - from);
    }

    /// <summary>Takes what carries no audio and is next.</summary>
    public void TakeFillers()
    {
        while (_store.TryPeek(Sequence, out var packet) && packet.Kind is PacketKind.Filler or PacketKind.ComfortNoise)
            TakeFiller(packet);
    }

    /// <summary>Samples that are ready, and in packets up to the first hole; and the number that is missing there.</summary>
    /// <param name="limit">Samples after which it does not look on.</param>
    /// <param name="missing">The first number that is not there.</param>
    public int Ahead(int limit, out long missing)
    {
        var end = End;
        missing = Sequence;
        while (end - End + Queue.Count < limit && _store.TryPeek(missing, out var packet) && packet.Sequence == missing)
        {
            if (packet.Kind == PacketKind.Audio)
            {
                var position = PositionOf(packet.Timestamp);
                if (!Plays(packet.Format) || position > end)
                    break;
                end = Math.Max(end, position + PacketSamples);
            }

            missing++;
        }

        return (int)(end - End) + Queue.Count;
    }

    /// <summary>Appends until so many samples wait; without <paramref name="conceal"/>, only what is there without a gap.</summary>
    public void Fill(int samples, bool conceal, TimeSpan tick)
    {
        _tick = tick;
        while (Queue.Count < samples)
        {
            var (before, sequence) = (Queue.Count, Sequence);
            if (!FillMore(samples - Queue.Count, conceal))
                return;
            Debug.Assert(Queue.Count > before || Sequence > sequence, "Each round appends a sample or takes a packet.");
        }
    }

    private bool FillMore(int wanted, bool conceal)
    {
        if (!_store.TryPeek(Sequence, out var packet) || (packet.Kind == PacketKind.Audio && !Plays(packet.Format)))
        {
            if (conceal)
                AppendUnsure(wanted);
            return conceal;
        }

        if (packet.Kind != PacketKind.Audio)
        {
            TakeFiller(packet);
            return true;
        }

        var gap = PositionOf(packet.Timestamp) - End;
        if (gap > _maxGap)
        {
            Discard(packet.Sequence);
            return true;
        }

        if (gap <= 0)
        {
            Decode(packet, (int)Math.Min(-gap, int.MaxValue));
            return true;
        }

        if (!conceal)
            return false;

        // RFC 3550 §5.1: sequence without a gap and timestamp with one is audio that was not sent; else packets are lost.
        if (packet.Sequence == Sequence || _pause)
            AppendPause((int)Math.Min(gap, wanted));
        else
            AppendLoss(wanted, gap, packet);
        return true;
    }

    private void TakeFiller(in StoredPacket packet)
    {
        if (packet.Kind == PacketKind.ComfortNoise && _noise is not null)
        {
            _noise.Update(packet.Payload);
            _hasNoise = true;
        }

        _pause = true;
        Take(packet.Sequence);
    }

    private void Take(long sequence)
    {
        _store.Take(sequence);
        Sequence = sequence + 1;
    }

    private void TakeDecoded(in StoredPacket packet, bool isOriginal)
    {
        if (!isOriginal)
        {
            Take(packet.Sequence);
            return;
        }

        _originals.Add(End, packet.Sequence, packet.Format, _store.TakeAway(packet.Sequence), packet.Payload.Length);
        Sequence = packet.Sequence + 1;
    }

    private void Discard(long sequence)
    {
        _figures.Discarded++;
        Take(sequence);
    }

    private void Decode(in StoredPacket packet, int overlap)
    {
        SettleUnsure(packet);
        if (packet.Sequence > Sequence && !_pause && _bank.HasFec(packet.Format, packet.Payload))
            RepairableLosses++;
        if (overlap >= 2L * Math.Max(PacketSamples, _frame))
        {
            // Far behind: not even the decoder's state is worth the time.
            Discard(packet.Sequence);
            return;
        }

        Span<short> tail = stackalloc short[_sampleRate / 200];
        tail.Clear();
        var isLeftOut = IsLeftOut(packet, out var samples);
        var blends = !isLeftOut && MakeTail(tail, packet.Format, overlap);
        // After what was made up the decoder changes what it decodes, and after packets left out it is blended out of silence.
        var isPlain = !isLeftOut && !blends && overlap == 0 && packet.Sequence == Sequence
            && (_last == FillKind.Decoded || (_last != FillKind.Concealed && _bank.MakesNoise(packet.Format)))
            && (LeftOut.End != End || LeftOut.End == LeftOut.Start);
        _format = packet.Format;
        var target = Queue.Free(_sampleRate * 120 / 1000);
        var decoded = isLeftOut ? samples : _bank[_format].Decode(packet.Payload, target);
        if (isLeftOut)
            target[..samples].Clear();
        var arrival = packet.Arrival;
        TakeDecoded(packet, isPlain && decoded == _frame);
        if (decoded <= 0)
        {
            _figures.Discarded++;
            return;
        }

        SetPacketSamples(decoded);
        if (overlap >= decoded)
        {
            // All of it was played or made up before. The decoder has seen it, which does its state good.
            _figures.Discarded++;
            return;
        }

        var kept = target[overlap..decoded];
        if (blends)
            Blend(tail, kept);
        else if (!isLeftOut && LeftOut.End == End && LeftOut.End > LeftOut.Start)
            Blend(tail, kept); // out of silence
        if (overlap > 0)
            kept.CopyTo(target);
        Append(kept.Length, FillKind.Decoded);
        _contentEnd = End;
        _pause = _cut = false;
        // What would be made up behind it would be of the decoder's last packet: silence as well.
        _faded = isLeftOut;
        if (isLeftOut)
            LeftOut = (LeftOut.End == End - kept.Length ? LeftOut.Start : End - kept.Length, End);
        _figures.CountPlayed(kept.Length, _sampleRate);
        WaitMs += ((_tick - arrival).TotalMilliseconds - WaitMs) / (WaitMs == 0 ? 1 : 32);
    }

    private bool IsLeftOut(in StoredPacket packet, out int samples) =>
        _bank.IsDear(packet.Format, packet.Payload, out samples, out var voice)
        && !_thrift.Decodes(packet.Sequence, packet.Payload.Length, voice);

    /// <summary>What would have been heard next, when the packet does not follow smoothly by itself.</summary>
    private bool MakeTail(Span<short> tail, int format, int overlap)
    {
        // After a loss the decoder blends the start of the packet by itself; that start is not heard when it overlaps.
        var seam = _cut || format != _format || (overlap > 0 && _last == FillKind.Concealed);
        if (!seam || _last == FillKind.Nothing)
            return false;
        if (_last == FillKind.Pause || _faded)
            tail.Clear();
        else
            _bank[_format].Conceal(tail, default);
        return true;
    }

    private static void Blend(ReadOnlySpan<short> tail, Span<short> pcm)
    {
        var length = Math.Min(tail.Length, pcm.Length);
        for (var i = 0; i < length; i++)
        {
            var weight = (i + 1f) / (length + 1);
            pcm[i] = (short)MathF.Round((tail[i] * (1 - weight)) + (pcm[i] * weight));
        }
    }

    /// <summary>Nothing is there, and nobody knows why: a loss, a late packet, or the start of a pause.</summary>
    private void AppendUnsure(int length)
    {
        if (_pause)
        {
            AppendPause(length);
            return;
        }

        MakeUp(length, default);
        _unsure = Math.Min(_unsure + length, _silenceAfter);
    }

    /// <summary>Packets before this one are missing. A copy replaces one of them whole; else only what is needed now is made up.</summary>
    private void AppendLoss(int wanted, long gap, in StoredPacket next)
    {
        SettleUnsure(next);
        var repairs = next.Format == _format && _bank.HasFec(next.Format, next.Payload);
        if (repairs && gap == PacketSamples)
        {
            MakeUp((int)gap, next.Payload);
            _figures.CountConcealed(gap, _sampleRate);
            return;
        }

        // What comes before the copy: up to where it begins.
        var length = (int)Math.Min(wanted, repairs && gap > PacketSamples ? gap - PacketSamples : gap);
        MakeUp(length, default);
        _figures.CountConcealed(length, _sampleRate);
    }

    private void AppendPause(int length)
    {
        if (_bank.MakesNoise(_format) && _last != FillKind.Nothing)
        {
            MakeUp(length, default);
            return;
        }

        var target = Queue.Free(length)[..length];
        FillPause(target);
        if (_last is FillKind.Decoded or FillKind.Concealed && !_faded)
            FadeOut(target);
        Append(length, _last == FillKind.Nothing ? FillKind.Nothing : FillKind.Pause);
    }

    /// <summary>What a pause sounds like: the noise that the sender described (RFC 3389), or nothing.</summary>
    private void FillPause(Span<short> pcm)
    {
        if (_hasNoise)
            _noise!.Generate(pcm);
        else
            pcm.Clear();
    }

    /// <summary>The sender's voice was switched off in its middle: 5 ms of what would have come, fading.</summary>
    private void FadeOut(Span<short> pcm)
    {
        Span<short> tail = stackalloc short[_sampleRate / 200];
        _bank[_format].Conceal(tail, default);
        for (var i = 0; i < Math.Min(tail.Length, pcm.Length); i++)
            pcm[i] = (short)(pcm[i] + (tail[i] * (tail.Length - i) / (tail.Length + 1)));
    }

    private void MakeUp(int length, ReadOnlySpan<byte> next)
    {
        var target = Queue.Free(length)[..length];
        if (_last == FillKind.Nothing || (next.IsEmpty && (_faded || Gap >= _silenceAfter)))
        {
            target.Clear();
            Append(length, _last == FillKind.Nothing ? FillKind.Nothing : FillKind.Concealed);
            return;
        }

        _bank[_format].Conceal(target, next);
        _faded = next.IsEmpty && target.IndexOfAnyExcept((short)0) < 0;
        Append(length, FillKind.Concealed);
    }

    /// <summary>A packet came: now it is known whether what was made up stood in for something.</summary>
    private void SettleUnsure(in StoredPacket packet)
    {
        if (_unsure == 0)
            return;
        var wasPause = packet.Sequence == Sequence && PositionOf(packet.Timestamp) - _contentEnd >= _unsure;
        if (!wasPause)
            _figures.CountConcealed(_unsure, _sampleRate);
        _unsure = 0;
    }

    private void SetPacketSamples(int samples)
    {
        if (samples == PacketSamples)
            return;
        PacketSamples = samples;
        var (a, b) = (_frame, samples);
        while (b != 0)
            (a, b) = (b, a % b);
        StepSamples = a;
    }

    private void Append(int length, FillKind kind)
    {
        Debug.Assert(length > 0, "Each round appends a sample or takes a packet.");
        Queue.Append(length);
        End += length;
        _last = kind;
    }
}
