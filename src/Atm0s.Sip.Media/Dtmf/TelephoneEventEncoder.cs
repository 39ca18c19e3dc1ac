using System.Collections.Concurrent;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Dtmf;

/// <summary>
/// Sends digits as telephone events in place of audio (RFC 4733 §2.5.1). Lengths are those of the time that passes, also over ticks that
/// were
/// skipped. Digits may be put in on any thread; the rest is the media thread's.
/// </summary>
internal sealed class TelephoneEventEncoder
{
    private const int EndPackets = 3; // §2.5.1.4

    private ConcurrentQueue<DtmfTone>? _waiting; // made for the first digit
    private DtmfTone _tone;
    private bool _active;
    private uint _start;    // timestamp of its segment
    private uint _told;     // units of the clock of events, by earlier segments
    private int _frames;    // since it began
    private int _ends;      // end packets sent
    private int _gapFrames; // since the first of them

    /// <summary>Whether a digit is under way or waits.</summary>
    public bool IsBusy => _active || Volatile.Read(ref _waiting) is { IsEmpty: false };

    /// <summary>Puts digits in; false when too many would wait. One caller at a time.</summary>
    public bool TryAdd(string digits, TimeSpan duration, TimeSpan gap)
    {
        var waiting = _waiting ?? new ConcurrentQueue<DtmfTone>();
        if (waiting.Count + digits.Length > DtmfDigits.MaxCount)
            return false;
        Volatile.Write(ref _waiting, waiting);
        foreach (var digit in digits)
            waiting.Enqueue(new DtmfTone(DtmfDigits.EventOf(digit), Ticks(duration), Ticks(gap)));
        return true;
    }

    /// <summary>Takes the next digit out, for who sends it in another way.</summary>
    public bool TryTake(out DtmfTone tone)
    {
        tone = default;
        return Volatile.Read(ref _waiting)?.TryDequeue(out tone) == true;
    }

    /// <summary>Forgets everything: nobody takes events any more.</summary>
    public void Clear()
    {
        _active = false;
        while (TryTake(out _))
        {
        }
    }

    /// <summary>Writes the packet of this tick.</summary>
    /// <param name="sender">The stream.</param>
    /// <param name="format">Payload type and clock of events.</param>
    /// <param name="frames">Frames of 20 ms since the last tick: 1, or more when ticks were skipped.</param>
    /// <param name="datagram">Receives it.</param>
    /// <returns>Its bytes; 0 when this tick is for audio.</returns>
    public int Write(RtpSender sender, RtpEventFormat format, int frames, Span<byte> datagram)
    {
        if (_active && _ends > 0)
        {
            _gapFrames += frames;
            if (_ends >= EndPackets)
            {
                _active = _gapFrames <= _tone.GapTicks;
                if (_active)
                    return 0;
            }
        }

        if (!_active)
        {
            if (!TryTake(out _tone))
                return 0;
            (_active, _start, _told, _frames, _ends, _gapFrames) = (true, sender.Timestamp, 0, 0, 0, 0);
            frames = 1;
        }

        var first = _frames == 0;
        _frames = Math.Min(_frames + frames, _tone.Ticks);
        return WritePacket(sender, format, first, datagram);
    }

    private static int Ticks(TimeSpan time) => (int)Math.Ceiling(time.TotalMilliseconds / 20);

    private int WritePacket(RtpSender sender, RtpEventFormat format, bool first, Span<byte> datagram)
    {
        // All packets of an event have its first timestamp, which runs by the clock of the audio (§2.1), and the last ones the same
        // duration.
        var duration = (uint)(_frames * (format.ClockRate / 50)) - _told;
        if (duration > ushort.MaxValue)
        {
            // §2.5.1.3: what is too long for the field goes on in a segment of its own, without an end here and without a marker there.
            var length = sender.WriteEvent(format.PayloadType, _tone.Event, end: false, ushort.MaxValue, first, _start, datagram);
            _start += (uint)((long)ushort.MaxValue * sender.ClockRate / format.ClockRate);
            _told += ushort.MaxValue;
            return length;
        }

        var end = _frames == _tone.Ticks;
        if (end)
            _ends++;
        return sender.WriteEvent(format.PayloadType, _tone.Event, end, (ushort)duration, first, _start, datagram);
    }
}
