using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Calls.Records.Capture;

/// <summary>The checksum of IP, UDP and TCP (RFC 1071).</summary>
internal static class InternetChecksum
{
    /// <summary>Of a header, whose own field is zero.</summary>
    public static ushort Of(ReadOnlySpan<byte> header) => Fold(Sum(header));

    /// <summary>Of a segment and its pseudo-header (RFC 768, RFC 9293 §3.1, RFC 8200 §8.1).</summary>
    /// <param name="from">Source.</param>
    /// <param name="to">Destination.</param>
    /// <param name="protocol">Protocol.</param>
    /// <param name="segment">The segment, its field zero.</param>
    /// <param name="length">How long it was before its end was cut off; what is missing counts as zeros.</param>
    public static ushort OfSegment(IPAddress from, IPAddress to, ProtocolType protocol, ReadOnlySpan<byte> segment, int length)
    {
        Span<byte> address = stackalloc byte[16];
        from.TryWriteBytes(address, out var size);
        var sum = Sum(address[..size]);
        to.TryWriteBytes(address, out size);
        sum += Sum(address[..size]);
        sum += (ulong)protocol + ((ulong)length & 0xFFFF) + ((ulong)length >> 16);
        return Fold(sum + Sum(segment));
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0UL;
        for (; bytes.Length >= 2; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + ((ulong)bytes[0] << 8);
    }

    private static ushort Fold(ulong sum)
    {
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
