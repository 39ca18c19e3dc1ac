using System.Buffers.Binary;
using Atm0s.Sip.LoadGenerator.Native;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>The audio of one call: an address of its own, a packet every 20 ms out, and what comes back.</summary>
internal sealed class AudioLeg(int index)
{
    private ushort _newest;
    private long _lastAt;
    private long _silentAt;
    private uint _sent;

    public int Index { get; } = index;

    public uint Address { get; } = Loopback.Leg(index);

    /// <summary>Where the server hears this call; 0 before the answer.</summary>
    public int RemotePort { get; private set; }

    /// <summary>When the audio began; 0 before.</summary>
    public long Started { get; private set; }

    public bool IsTalking => Started > 0 && _silentAt == 0;

    public long Received { get; private set; }

    /// <summary>Packets skipped in what came.</summary>
    public long Lost { get; private set; }

    /// <summary>The longest wait for a packet, in nanoseconds.</summary>
    public long MaxGap { get; private set; }

    /// <summary>How many should have come.</summary>
    public long Expected => Started == 0 ? 0 : (_silentAt - Started) / (20 * Clock.Millisecond);

    public void Reset()
    {
        (RemotePort, Started, _silentAt, _lastAt, _sent, _newest) = (0, 0, 0, 0, 0, 0);
        (Received, Lost, MaxGap) = (0, 0, 0);
    }

    public void Start(int remotePort, long now) => (RemotePort, Started, _lastAt) = (remotePort, now, now);

    /// <summary>Nothing is sent or counted from now on.</summary>
    public void Silence(long now)
    {
        if (!IsTalking)
            return;
        _silentAt = now;
        MaxGap = Math.Max(MaxGap, now - _lastAt);
    }

    /// <summary>Writes the next packet (RFC 3550 §5.1).</summary>
    /// <returns>Its length.</returns>
    public int Write(Span<byte> packet, ReadOnlySpan<byte> speech)
    {
        packet[0] = 0x80;
        packet[1] = (byte)(_sent == 0 ? 0x88 : 8);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)_sent);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], _sent * 160);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], 0x6c670000 + (uint)Index);
        speech.CopyTo(packet[12..]);
        _sent++;
        return 12 + speech.Length;
    }

    /// <summary>A packet has come.</summary>
    public void OnPacket(ReadOnlySpan<byte> packet, long now)
    {
        // RTCP and what is too short is no audio (RFC 5761 §4).
        if (!IsTalking || packet.Length < 12 || packet[1] is >= 192 and <= 223)
            return;
        var number = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (Received > 0 && (short)(number - _newest) > 1)
            Lost += (short)(number - _newest) - 1;
        if (Received == 0 || (short)(number - _newest) > 0)
            _newest = number;
        Received++;
        MaxGap = Math.Max(MaxGap, now - _lastAt);
        _lastAt = now;
    }
}
