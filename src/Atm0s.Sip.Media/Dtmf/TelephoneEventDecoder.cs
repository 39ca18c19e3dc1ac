using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Dtmf;

/// <summary>
/// Turns the repeated packets of telephone events into one <see cref="DtmfEvent"/> each (RFC 4733 §2.5): at the end bit, or, when all end
/// packets are lost, at the next event or after 100 ms without a packet of it.
/// </summary>
internal sealed class TelephoneEventDecoder(int clockRate)
{
    private const string Digits = "0123456789*#ABCD";
    private const int Capacity = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly DtmfEvent[] _queue = new DtmfEvent[Capacity];
    private int _head;
    private int _count;
    private bool _active;
    private bool _seen;
    private uint _timestamp; // of the event under way, or of the last one
    private byte _code;
    private uint _duration;
    private long _earlier;   // of the segments before this one, §2.5.1.3
    private TimeSpan _last;

    /// <summary>Takes the payload of one packet.</summary>
    /// <returns>False when it is not a telephone event.</returns>
    public bool OnPacket(ReadOnlySpan<byte> payload, uint timestamp, TimeSpan now)
    {
        if (payload.Length < 4) return false;
        var code = payload[0];
        var end = (payload[1] & 0x80) != 0;
        uint duration = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        if (code > 16) return true; // tones and signals of other tables

        var ahead = unchecked((int)(timestamp - _timestamp));
        if (_seen && ahead <= 0 && (ahead < 0 || !_active))
        {
            // The event told last, repeated (§2.5.1.4), or an older one. After a jump of the timestamp it would be neither.
            if (-(long)ahead < 10L * clockRate && now - _last < TimeSpan.FromSeconds(10))
            {
                // Held on after it was told: it is still the same one.
                _last = now;
                return true;
            }

            _active = false;
        }

        if (_active && ahead != 0)
        {
            // §2.5.1.3: longer than the field can tell, it goes on in a segment that starts where the last one ended.
            var segment = code == _code && _duration > 0xF000 && Math.Abs((long)ahead - _duration) <= clockRate / 10;
            if (segment) _earlier += _duration;
            else Finish();
            if (segment) _duration = 0;
            _timestamp = timestamp;
        }

        if (!_active)
        {
            _active = true;
            _seen = true;
            _timestamp = timestamp;
            _code = code;
            _duration = 0;
            _earlier = 0;
        }

        _last = now;
        _duration = Math.Max(_duration, duration);
        if (end) Finish();
        return true;
    }

    /// <summary>Ends an event whose end packets were all lost.</summary>
    public void OnTime(TimeSpan now)
    {
        if (_active && now - _last >= Patience) Finish();
    }

    /// <summary>Another source: what was under way is over.</summary>
    public void Restart()
    {
        if (_active) Finish();
        _seen = false;
    }

    public bool TryRead(out DtmfEvent e)
    {
        e = default;
        if (_count == 0) return false;
        e = _queue[_head];
        _head = (_head + 1) % Capacity;
        _count--;
        return true;
    }

    private void Finish()
    {
        _active = false;
        if (_count == Capacity)
        {
            // Nobody reads: the oldest goes.
            _head = (_head + 1) % Capacity;
            _count--;
        }

        var duration = TimeSpan.FromSeconds((_earlier + _duration) / (double)clockRate);
        _queue[(_head + _count++) % Capacity] = new DtmfEvent(_code, _code < Digits.Length ? Digits[_code] : '\0', duration);
    }
}
