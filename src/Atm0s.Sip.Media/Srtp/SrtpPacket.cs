using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Srtp;

/// <summary>What of a packet can be read without a key.</summary>
internal static class SrtpPacket
{
    /// <summary>Longest packet that is taken, protected or not.</summary>
    public const int MaxLength = 2048;

    /// <summary>Bytes of an RTCP packet that are never encrypted: the first header and the sender's SSRC (RFC 3711 §3.4).</summary>
    public const int RtcpClear = 8;

    /// <summary>Bytes of the word with the flag and the index of SRTCP (RFC 3711 §3.4).</summary>
    public const int RtcpWord = 4;

    /// <summary>Set when an SRTCP packet is encrypted.</summary>
    public const uint EncryptedFlag = 0x8000_0000;

    /// <summary>Length of an RTP header with its sources and its extension (RFC 3550 §5.1, §5.3.1).</summary>
    /// <param name="packet">RTP or SRTP.</param>
    /// <param name="length">The length.</param>
    /// <returns>False when it is no RTP, or the length leaves the packet.</returns>
    public static bool TryGetClear(ReadOnlySpan<byte> packet, out int length)
    {
        length = 12;
        if (packet.Length < length || packet[0] >> 6 != 2)
            return false;
        length += (packet[0] & 0x0F) * 4;
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4)
                return false;
            length += 4 + (BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]) * 4);
        }

        return length <= packet.Length;
    }

    /// <summary>Whether it may be RTCP: version 2, and a header.</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> packet) => packet.Length >= RtcpClear && packet[0] >> 6 == 2;
}
