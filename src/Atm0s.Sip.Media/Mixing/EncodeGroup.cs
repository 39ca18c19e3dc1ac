using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// One encoder for all listeners of a room who hear the same and take the same: the first who asks in a tick has the frame encoded, the
/// others copy. Numbers and times of packets stay their own. Media thread only; allocates nothing in a tick.
/// </summary>
internal sealed class EncodeGroup : IQuickDisposal
{
    private const int MaxPackets = 2; // a tick: of 10 ms
    private const int Moment = 1; // tick without it, in which a rule changes: those who shared it do so again at once
    private const int MaxPayload = 2048;

    private readonly RtpEncoding _encoding;
    private readonly byte[][] _payloads = [new byte[MaxPayload], []];
    private readonly int[] _lengths = new int[MaxPackets];
    private long _tick = -1;
    private long _addedAt;
    private long _encodedAt = -1;
    private int _waiting;    // before the tick
    private int _askers;     // in this tick
    private bool _isOpen;
    private bool _isWithdrawn;

    /// <param name="encoding">Made for it; the group disposes of it.</param>
    /// <param name="tuning">How it encodes: a class of <see cref="EncodeKind.ClassOf"/>.</param>
    public EncodeGroup(RtpEncoding encoding, OpusTuning tuning)
    {
        _encoding = encoding;
        Tuning = tuning;
        if (encoding.PacketTime.TotalMilliseconds < 20)
            _payloads[1] = new byte[MaxPayload];
        (encoding.Encoder as OpusEncoderBase)?.Use(tuning);
    }

    public EncodeKind Kind => _encoding.Kind;

    public OpusTuning Tuning { get; }

    /// <summary>Encodings so far.</summary>
    public long Encoded { get; private set; }

    /// <summary>Complexity that it does not exceed, 0 to 10.</summary>
    public int MaxComplexity
    {
        set
        {
            if (_encoding.Encoder is OpusEncoderBase opus)
                opus.MaxComplexity = value;
        }
    }

    /// <summary>Has the frame of this tick encoded, if that is not done yet.</summary>
    /// <param name="frame">What all listeners hear.</param>
    /// <param name="tick">Number of the tick.</param>
    /// <param name="waiting">Samples that wait for their packet at who asks: where its packets begin.</param>
    public EncodeVerdict Encode(ReadOnlySpan<short> frame, long tick, int waiting)
    {
        if (_tick == tick)
        {
            if (waiting != _waiting)
                return EncodeVerdict.Elsewhere;
            _askers++;
        }
        else
        {
            var goesOn = _tick == tick - 1;
            if (goesOn && _isOpen ? waiting != _encoding.Audio.Waiting : waiting != 0 && !goesOn)
                return EncodeVerdict.Elsewhere;
            Begin(tick, waiting, goesOn || (waiting == 0 && _tick >= tick - 1 - Moment));
        }

        if (!_isOpen)
            return EncodeVerdict.Counted;
        if (_encodedAt != tick)
            Encode(frame, tick);
        return EncodeVerdict.Encoded;
    }

    /// <summary>Somebody who would share it has no need of it in this tick, and no samples that wait.</summary>
    /// <param name="tick">Number of the tick.</param>
    public void Keep(long tick)
    {
        if (_tick == tick)
            _askers++;
        else
            Begin(tick, 0, _tick == tick - 1);
    }

    /// <summary>Who it was made for takes something else now: it goes as soon as nobody asks for it. Any thread.</summary>
    public bool IsWithdrawn
    {
        get => Volatile.Read(ref _isWithdrawn);
        set => Volatile.Write(ref _isWithdrawn, value);
    }

    /// <summary>It is there from a tick on.</summary>
    public void Add(long tick) => _addedAt = tick;

    /// <summary>Ticks in which nobody asked for it.</summary>
    public long Unasked(long tick) => tick - Math.Max(_tick, _addedAt);

    /// <summary>Copies a payload of this tick.</summary>
    /// <param name="number">0 or 1.</param>
    /// <param name="output">Receives it.</param>
    /// <returns>Bytes; 0 when there is none.</returns>
    public int Copy(int number, Span<byte> output)
    {
        var payload = number < MaxPackets ? _payloads[number].AsSpan(0, _lengths[number]) : default;
        return payload.TryCopyTo(output) ? payload.Length : 0;
    }

    public void Dispose() => _encoding.Dispose();

    /// <inheritdoc/>
    bool IQuickDisposal.IsQuick => IQuickDisposal.IsOurs(_encoding.Encoder);

    private void Begin(long tick, int waiting, bool goesOn)
    {
        var wasOpen = _isOpen && goesOn;
        // Who is alone encodes for himself: there is nothing to gain, and each change to another stream is heard a little.
        _isOpen = goesOn && (wasOpen || (_askers > 1 && waiting == 0));
        (_tick, _askers, _waiting) = (tick, 1, waiting);
    }

    private void Encode(ReadOnlySpan<short> frame, long tick)
    {
        if (_encodedAt != tick - 1)
        {
            _encoding.Audio.Clear();
            (_encoding.Encoder as OpusEncoderBase)?.Reset();
        }

        _encodedAt = tick;
        _encoding.Audio.Add(frame);
        _lengths.AsSpan().Clear();
        for (var i = 0; i < MaxPackets && _encoding.Audio.TryTake(out var pcm); i++)
        {
            _lengths[i] = Math.Max(0, _encoding.Encoder.Encode(pcm, _payloads[i]));
            Encoded++;
        }
    }
}
