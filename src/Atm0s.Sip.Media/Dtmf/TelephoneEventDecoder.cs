using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Dtmf;

/// <summary>
/// Turns the repeated packets of telephone events into one <see cref="DtmfEvent"/> each (RFC 4733 §2.5): at the end bit, or, when all end
/// packets are lost, at the next event or after 100 ms without a packet of it. Whatever comes of an event that was told is not told again.
/// </summary>
internal sealed class TelephoneEventDecoder
{
    private const string Digits = "0123456789*#ABCD";
    private const int Capacity = 16;
    private const int MinSegment = 0xF000; // what goes on in another segment was about as long as the field can tell
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SourcePatience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly DtmfEvent[] _queue = new DtmfEvent[Capacity];
    private int _head;
    private int _count;
    private EventState _state;
    private uint _timestamp; // of the segment
    private int _clock;
    private byte _code;
    private uint _duration;  // of the segment
    private TimeSpan _earlier; // of the segments before, §2.5.1.3
    private bool _ended;     // by an end bit
    private bool _moved;     // the source has changed: its timestamps are others
    private TimeSpan _last;

    /// <summary>Takes the payload of one packet.</summary>
    /// <param name="payload">§2.3.</param>
    /// <param name="timestamp">Of the packet.</param>
    /// <param name="clock">Of its payload type, in Hz.</param>
    /// <param name="now">Monotonic.</param>
    /// <returns>False when it is not a telephone event.</returns>
    public bool OnPacket(ReadOnlySpan<byte> payload, uint timestamp, int clock, TimeSpan now)
    {
        if (payload.Length < 4)
            return false;
        var code = payload[0];
        var end = (payload[1] & 0x80) != 0;
        uint duration = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        if (code > 16)
            return true; // tones and signals of other tables

        var ahead = unchecked((int)(timestamp - _timestamp));
        var known = _state != EventState.None && now - _last < Memory;
        if (known && code == _code && IsSegment(ahead, clock))
        {
            _earlier += Duration;
            (_timestamp, _duration) = (timestamp, 0);
        }
        else if (known && _moved && code == _code && duration >= _duration && (end || !_ended) && now - _last < SourcePatience)
        {
            _timestamp = timestamp;
        }
        else if (known && !_moved && ahead < 0 && -(long)ahead < Memory.TotalSeconds * clock)
        {
            return true; // of an older event, late
        }
        else if (!known || _moved || ahead != 0 || code != _code)
        {
            Finish();
            (_state, _timestamp, _clock, _code, _duration, _earlier, _ended) = (
                EventState.Pressed, timestamp, clock, code, 0, default, false);
        }

        _moved = false;
        _last = now;
        _duration = Math.Max(_duration, duration);
        _ended |= end;
        if (end)
            Finish();
        return true;
    }

    /// <summary>Ends an event whose end packets were all lost.</summary>
    public void OnTime(TimeSpan now)
    {
        if (_state == EventState.Pressed && now - _last >= Patience)
            Finish();
    }

    /// <summary>Another source: its timestamps are not those of the one before. A key that is held goes on when it is the same.</summary>
    public void Restart() => _moved = true;

    /// <summary>Takes the next event told, oldest first.</summary>
    public bool TryRead(out DtmfEvent e)
    {
        e = default;
        if (_count == 0)
            return false;
        e = _queue[_head];
        _head = (_head + 1) % Capacity;
        _count--;
        return true;
    }

    private TimeSpan Duration => TimeSpan.FromSeconds(_duration / (double)_clock);

    // §2.5.1.3: longer than the field can tell, an event goes on in a segment that starts where the last one ended, which had no end bit.
    // Timestamps run by the clock of the audio (§2.1), which may be 16 or 48 kHz where the durations are told in 8.
    private bool IsSegment(int ahead, int clock)
    {
        if (_ended || _moved)
            return false;
        foreach (var ratio in (ReadOnlySpan<int>)[1, 2, 6])
        {
            if (ahead / ratio >= MinSegment && ahead / ratio <= ushort.MaxValue + (clock / 10))
                return true;
        }

        return false;
    }

    private void Finish()
    {
        if (_state != EventState.Pressed)
            return;
        _state = EventState.Told;
        if (_count == Capacity)
        {
            // Nobody reads: the oldest goes.
            _head = (_head + 1) % Capacity;
            _count--;
        }

        var digit = _code < Digits.Length ? Digits[_code] : '\0';
        _queue[(_head + _count++) % Capacity] = new DtmfEvent(_code, digit, _earlier + Duration);
    }
}
