using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>A received RTP packet, read in place (RFC 3550 §5.1). Valid as long as the datagram is.</summary>
public readonly ref struct RtpPacketView
{
    private readonly ReadOnlySpan<byte> _extension; // with its four bytes of header; empty when there is none

    private RtpPacketView(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> extension, ReadOnlySpan<byte> payload)
    {
        _extension = extension;
        PayloadType = (byte)(datagram[1] & 0x7F);
        Marker = (datagram[1] & 0x80) != 0;
        SequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        Timestamp = BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]);
        Ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]);
        Payload = payload;
    }

    /// <summary>Payload type, 0 to 127.</summary>
    public byte PayloadType { get; }

    /// <summary>Whether this is the first packet after silence (RFC 3551 §4.1).</summary>
    public bool Marker { get; }

    /// <summary>Sequence number, modulo 2^16.</summary>
    public ushort SequenceNumber { get; }

    /// <summary>Timestamp of the first sample, in units of the codec's clock rate, modulo 2^32.</summary>
    public uint Timestamp { get; }

    /// <summary>Synchronization source.</summary>
    public uint Ssrc { get; }

    /// <summary>What lies between header (with its CSRCs and extension) and padding. May be empty.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads the level of the audio from the header extension (RFC 6464 §3).</summary>
    /// <param name="id">Identifier of the element, as agreed on: 1 to 255.</param>
    /// <param name="level">-dBov, 0 (loudest) to 127.</param>
    /// <param name="voice">Whether the sender takes it for voice; not all senders tell.</param>
    /// <returns>False when the packet has none.</returns>
    internal bool TryGetAudioLevel(int id, out int level, out bool voice)
    {
        (level, voice) = (0, false);
        if (!RtpHeaderExtension.TryFind(_extension, id, out var data) || data.IsEmpty)
            return false;
        (level, voice) = (data[0] & 0x7F, (data[0] & 0x80) != 0);
        return true;
    }

    /// <summary>Reads a datagram. Never throws.</summary>
    /// <param name="datagram">The whole UDP payload.</param>
    /// <param name="packet">The packet; meaningless when false is returned.</param>
    /// <returns>False when it is not RTP version 2, a length in it lies, or it is RTCP (second byte 192 to 223, RFC 5761 §4).</returns>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtpPacketView packet)
    {
        packet = default;
        if (datagram.Length < RtpHeader.Length || datagram[0] >> 6 != 2 || datagram[1] is >= 192 and <= 223)
            return false;
        var start = RtpHeader.Length + ((datagram[0] & 0x0F) * 4);
        var extension = start;
        if ((datagram[0] & 0x10) != 0)
        {
            // RFC 3550 §5.3.1: the length counts words after the four-byte extension header.
            if (datagram.Length < start + 4)
                return false;
            start += 4 + (BinaryPrimitives.ReadUInt16BigEndian(datagram[(start + 2)..]) * 4);
        }

        if (start > datagram.Length)
            return false;
        var end = datagram.Length;
        if ((datagram[0] & 0x20) != 0)
        {
            // §5.1: the last byte counts the padding, itself included.
            var padding = datagram[^1];
            if (padding == 0 || padding > end - start)
                return false;
            end -= padding;
        }

        packet = new RtpPacketView(datagram, datagram[extension..start], datagram[start..end]);
        return true;
    }
}
