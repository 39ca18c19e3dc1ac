using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>The fixed header of RFC 3550 §5.1, without CSRCs, extension or padding.</summary>
public static class RtpHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 12;

    /// <summary>The bit X of the first byte: an extension follows (RFC 3550 §5.3.1).</summary>
    internal const byte Extension = 0x10;

    /// <summary>Writes the header.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <param name="payloadType">0 to 127; the bit above is ignored.</param>
    /// <param name="marker">First packet after silence (RFC 3551 §4.1).</param>
    /// <param name="sequenceNumber">One more than in the packet before.</param>
    /// <param name="timestamp">Of the first sample, in units of the codec's clock rate.</param>
    /// <param name="ssrc">Synchronization source.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public static void Write(Span<byte> destination, byte payloadType, bool marker, ushort sequenceNumber, uint timestamp, uint ssrc)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Length, nameof(destination));
        destination[0] = 0x80;
        destination[1] = (byte)((payloadType & 0x7F) | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ssrc);
    }
}
