using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.MediaQuality.Wire;

namespace Atm0s.Sip.MediaQuality.Load;

/// <summary>A caller who talks all the time, somewhere in what all of them say, and counts what comes. Allocates nothing.</summary>
internal sealed class Caller : IDisposable
{
    private readonly WireLeg _leg;
    private readonly Talker _talker;
    private readonly byte[] _packet = new byte[1500];
    private readonly SrtpSender? _protector;
    private readonly uint _ssrc;
    private readonly uint _perPacket;
    private int _frame;
    private int _next;
    private int _lastSequence = -1;
    private long _lastAt;

    /// <summary>Makes a caller.</summary>
    /// <param name="leg">Its sockets.</param>
    /// <param name="talker">What it says.</param>
    /// <param name="number">Which one it is.</param>
    /// <param name="keys">Keys as the bridge has them; null for plain RTP.</param>
    public Caller(WireLeg leg, Talker talker, int number, SrtpKeys? keys = null)
    {
        _protector = keys is null ? null : new SrtpSender(keys.Receive);
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
        var length = said.Length;
        if (_protector is not null && !_protector.TryProtectRtp(_packet, ref length))
            throw new InvalidOperationException("A packet can't be protected.");
        _leg.Rtp.Send(_packet.AsSpan(0, length), SocketFlags.None, out _);
        _frame = (_frame + 1) % _talker.Count;
        _next++;
    }

    /// <inheritdoc/>
    public void Dispose() => _protector?.Dispose();

    /// <summary>Takes what has come. What is protected is counted as it is: the room is on trial, not who hears it.</summary>
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
