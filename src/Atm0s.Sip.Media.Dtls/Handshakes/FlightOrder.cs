using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// Keeps ChangeCipherSpec of a client from a server that has not yet got its CertificateVerify: the library changes its epoch at once, and
/// would drop the CertificateVerify when that comes again (RFC 6347 §4.2.4). What is held back comes again too, with its flight.
/// </summary>
internal sealed class FlightOrder
{
    private const byte ChangeCipherSpec = 20;
    private const byte Handshake = 22;
    private const byte CertificateVerify = 15;
    private const int HeaderLength = 13;

    private bool _isVerified;

    /// <summary>Takes out of a datagram what comes too early.</summary>
    /// <param name="datagram">Records.</param>
    /// <returns>Bytes that are left.</returns>
    public int Filter(Span<byte> datagram)
    {
        var kept = 0;
        for (var at = 0; at < datagram.Length && !_isVerified;)
        {
            // What is no record is left to the library.
            if (datagram.Length - at <= HeaderLength)
                return Keep(datagram, at, datagram.Length - at, ref kept);
            var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 11)..]);
            if (length > datagram.Length - at)
                return Keep(datagram, at, datagram.Length - at, ref kept);
            var epoch = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 3)..]);
            _isVerified = epoch == 0 && datagram[at] == Handshake && datagram[at + HeaderLength] == CertificateVerify;
            if (datagram[at] != ChangeCipherSpec)
                Keep(datagram, at, length, ref kept);
            at += length;
            if (_isVerified)
                return Keep(datagram, at, datagram.Length - at, ref kept);
        }

        return _isVerified ? datagram.Length : kept;
    }

    private static int Keep(Span<byte> datagram, int at, int length, ref int kept)
    {
        datagram.Slice(at, length).CopyTo(datagram[kept..]);
        kept += length;
        return kept;
    }
}
