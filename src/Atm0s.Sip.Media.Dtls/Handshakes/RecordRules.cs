using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// Which records of a datagram the library is to see. Invalid ones are silently discarded (RFC 6347 §4.1.2.7): the library ends the
/// association over a body that can't hold its tag, which anybody can make without a key. Pure.
/// </summary>
internal static class RecordRules
{
    /// <summary>Bytes before the body (RFC 6347 §4.1).</summary>
    public const int HeaderLength = 13;

    private const int EpochAt = 3;
    private const int SequenceAt = 7; // its lower four bytes
    private const int LengthAt = 11;

    /// <summary>Moves the records that may be whole to the beginning of a datagram.</summary>
    /// <param name="datagram">Records, or anything.</param>
    /// <param name="minProtected">Bytes that a protected body has at least.</param>
    /// <returns>Bytes that are left; 0 when there is no record.</returns>
    public static int Keep(Span<byte> datagram, int minProtected)
    {
        var kept = 0;
        for (var at = 0; datagram.Length - at >= HeaderLength;)
        {
            var body = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + LengthAt)..]);
            var length = HeaderLength + body;
            if (length > datagram.Length - at)
                break;
            var isProtected = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + EpochAt)..]) > 0;
            if (!isProtected || body >= minProtected)
            {
                datagram.Slice(at, length).CopyTo(datagram[kept..]);
                kept += length;
            }

            at += length;
        }

        return kept;
    }

    /// <summary>
    /// Adds to the sequence numbers of records that are not protected: each record has its own, also one that is sent again (RFC 6347
    /// §4.1).
    /// </summary>
    /// <param name="datagram">Records.</param>
    /// <param name="by">How much.</param>
    public static void Renumber(Span<byte> datagram, uint by)
    {
        for (var at = 0; datagram.Length - at >= HeaderLength;)
        {
            var record = datagram[at..];
            var low = record[SequenceAt..];
            if (BinaryPrimitives.ReadUInt16BigEndian(record[EpochAt..]) == 0)
                BinaryPrimitives.WriteUInt32BigEndian(low, BinaryPrimitives.ReadUInt32BigEndian(low) + by);
            at += HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(record[LengthAt..]);
        }
    }
}
