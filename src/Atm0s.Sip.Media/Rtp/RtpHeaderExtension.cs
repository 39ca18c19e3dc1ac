using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>Elements in the header extension of a packet, of one-byte and two-byte headers (RFC 8285 §4.2, §4.3).</summary>
internal static class RtpHeaderExtension
{
    private const int OneByte = 0xBEDE;
    private const int TwoBytes = 0x100; // above four bits that mean nothing here
    private const int MaxOneByteId = 14;

    /// <summary>Bytes of an extension with one element of one byte, its header included.</summary>
    public const int LevelLength = 8;

    /// <summary>Writes an extension that tells a level (RFC 6464 §3), in the form that the identifier needs.</summary>
    /// <param name="destination">At least <see cref="LevelLength"/> bytes, behind the fixed header.</param>
    /// <param name="id">1 to 255.</param>
    /// <param name="level">-dBov, 0 to 127.</param>
    /// <param name="voice">Whether it is voice.</param>
    public static void WriteLevel(Span<byte> destination, int id, int level, bool voice)
    {
        var isOneByte = id <= MaxOneByteId;
        var value = (byte)((voice ? 0x80 : 0) | Math.Clamp(level, 0, 127));
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(isOneByte ? OneByte : TwoBytes << 4));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], 1); // words
        destination[4] = (byte)(isOneByte ? id << 4 : id);
        destination[5] = isOneByte ? value : (byte)1;
        destination[6] = isOneByte ? (byte)0 : value;
        destination[7] = 0;
    }

    /// <summary>Finds an element. Never throws.</summary>
    /// <param name="extension">With its four bytes of header.</param>
    /// <param name="id">1 to 255.</param>
    /// <param name="data">What it holds.</param>
    /// <returns>False when it is not there, or lengths lie.</returns>
    public static bool TryFind(ReadOnlySpan<byte> extension, int id, out ReadOnlySpan<byte> data)
    {
        data = default;
        if (extension.Length < 4)
            return false;
        var profile = BinaryPrimitives.ReadUInt16BigEndian(extension);
        var isOneByte = profile == OneByte;
        if (!isOneByte && profile >> 4 != TwoBytes)
            return false;
        for (var rest = extension[4..]; !rest.IsEmpty;)
        {
            if (rest[0] == 0) // padding
            {
                rest = rest[1..];
                continue;
            }

            var header = isOneByte ? 1 : 2;
            if (rest.Length < header)
                return false;
            var (found, length) = isOneByte ? (rest[0] >> 4, (rest[0] & 15) + 1) : (rest[0], rest[1]);
            if ((isOneByte && found == 15) || rest.Length < header + length) // §4.2: 15 ends it
                return false;
            if (found == id)
            {
                data = rest.Slice(header, length);
                return true;
            }

            rest = rest[(header + length)..];
        }

        return false;
    }
}
