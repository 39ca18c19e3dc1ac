using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.MediaQuality.Wire;

namespace Atm0s.Sip.MediaQuality.Load;

/// <summary>A caller who talks all the time, somewhere in what all of them say, and counts what comes. Allocates nothing.</summary>
internal sealed class Caller
{
    private readonly WireLeg _leg;
    private readonly Talker _talker;
    private readonly byte[] _packet = new byte[1500];
    private readonly uint _ssrc;
    private readonly uint _perPacket;
    private int _frame;
    private int _next;
    private int _lastSequence = -1;
    private long _lastAt;

    /// <summary>Makes a caller.</summary>
    public Caller(WireLeg leg, Talker talker, int number)
    {
        (_leg, _talker, _ssrc, _frame) = (leg, talker, (uint)number + 1, number * 37 % talker.Count);
        _perPacket = (uint)(talker.Codec.ClockRate / 50);
    }

    /// <summary>Packets that came since <see cref="Reset"/>.</summary>
    public long Received { get; private set; }

    /// <summary>Packets missing by their sequence numbers since then.</summary>
    public long Lost { get; private set; }

    /// <summary>Longest time between two packets since then.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>Counts anew.</summary>
    public void Reset()
    {
        (Received, Lost, LongestGap) = (0, 0, TimeSpan.Zero);
        _lastAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Sends the next packet.</summary>
    public void Say()
    {
        var said = _talker.Packet(_frame).Span;
        said.CopyTo(_packet);
        RtpHeader.Write(_packet, said[1], _next == 0, (ushort)_next, (uint)_next * _perPacket, _ssrc);
        _leg.Rtp.Send(_packet.AsSpan(0, said.Length), SocketFlags.None, out _);
        _frame = (_frame + 1) % _talker.Count;
        _next++;
    }

    /// <summary>Takes what has come.</summary>
    public void Hear()
    {
        while (_leg.Rtp.Receive(_packet, SocketFlags.None, out var error) >= RtpHeader.Length && error == SocketError.Success)
        {
            if ((_packet[1] & 0x7F) is >= 72 and <= 76)
                continue; // RTCP on the same port
            var sequence = BinaryPrimitives.ReadUInt16BigEndian(_packet.AsSpan(2));
            if (_lastSequence >= 0 && (ushort)(sequence - _lastSequence) is > 1 and < 1000 and var step)
                Lost += step - 1;
            var now = Stopwatch.GetTimestamp();
            var gap = Stopwatch.GetElapsedTime(_lastAt, now);
            LongestGap = gap > LongestGap ? gap : LongestGap;
            (_lastSequence, _lastAt) = (sequence, now);
            Received++;
        }
    }
}
