using System.Collections.Concurrent;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Dtmf;

/// <summary>Sends digits as telephone events in place of audio (RFC 4733 §2.5.1). Digits may be put in on any thread; the rest is the media thread's.</summary>
internal sealed class TelephoneEventEncoder
{
    private const int EndPackets = 3; // §2.5.1.4

    private readonly ConcurrentQueue<DtmfTone> _waiting = new();
    private DtmfTone _tone;
    private uint _start;
    private uint _told; // by earlier segments
    private int _tick;
    private bool _active;

    /// <summary>Puts digits in; false when too many would wait. One caller at a time.</summary>
    public bool TryAdd(string digits, TimeSpan duration, TimeSpan gap)
    {
        if (_waiting.Count + digits.Length > DtmfDigits.MaxCount) return false;
        foreach (var digit in digits) _waiting.Enqueue(new DtmfTone(DtmfDigits.EventOf(digit), Ticks(duration), Ticks(gap)));
        return true;
    }

    /// <summary>Forgets everything: nobody takes events any more.</summary>
    public void Clear()
    {
        _active = false;
        while (_waiting.TryDequeue(out _))
        {
        }
    }

    /// <summary>Writes the packet of this tick.</summary>
    /// <param name="sender">The stream.</param>
    /// <param name="payloadType">Of telephone-event.</param>
    /// <param name="datagram">Receives it.</param>
    /// <returns>Its bytes; 0 when this tick is for audio.</returns>
    public int Write(RtpSender sender, byte payloadType, Span<byte> datagram)
    {
        if (!_active)
        {
            if (!_waiting.TryDequeue(out _tone)) return 0;
            (_active, _tick, _start, _told) = (true, 0, sender.Timestamp, 0);
        }

        var tick = _tick++;
        if (tick < _tone.Ticks + EndPackets - 1)
        {
            // All packets of an event have its first timestamp, and the last ones the same duration.
            var duration = (uint)(Math.Min(tick + 1, _tone.Ticks) * (sender.ClockRate / 50)) - _told;
            if (duration <= ushort.MaxValue)
                return sender.WriteEvent(payloadType, _tone.Event, tick >= _tone.Ticks - 1, (ushort)duration, tick == 0, _start, datagram);
            // §2.5.1.3: what is too long for the field goes on in a segment of its own, without an end here and without a marker there.
            var length = sender.WriteEvent(payloadType, _tone.Event, end: false, ushort.MaxValue, tick == 0, _start, datagram);
            _start += ushort.MaxValue;
            _told += ushort.MaxValue;
            return length;
        }

        if (_tick >= _tone.Ticks + _tone.GapTicks) _active = false;
        return 0;
    }

    private static int Ticks(TimeSpan time) => (int)Math.Ceiling(time.TotalMilliseconds / 20);
}
