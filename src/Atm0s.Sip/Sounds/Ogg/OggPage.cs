using System.Buffers.Binary;

namespace Atm0s.Sip.Sounds.Ogg;

/// <summary>A page of an Ogg file (RFC 3533 §6), as it stands in memory.</summary>
internal readonly ref struct OggPage
{
    public const int HeaderLength = 27;
    public const byte Continued = 1;
    public const byte First = 2;
    public const byte Last = 4;

    private OggPage(ReadOnlySpan<byte> page, int length)
    {
        Flags = page[5];
        GranulePosition = BinaryPrimitives.ReadInt64LittleEndian(page[6..]);
        Serial = BinaryPrimitives.ReadUInt32LittleEndian(page[14..]);
        Sequence = BinaryPrimitives.ReadUInt32LittleEndian(page[18..]);
        Lacing = page.Slice(HeaderLength, page[26]);
        Body = page[(HeaderLength + page[26])..length];
        Length = length;
    }

    public byte Flags { get; }

    /// <summary>Samples up to the end of the last packet that ends on the page; -1 when none does.</summary>
    public long GranulePosition { get; }

    public uint Serial { get; }

    public uint Sequence { get; }

    public ReadOnlySpan<byte> Lacing { get; }

    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Bytes of the page.</summary>
    public int Length { get; }

    /// <summary>Reads the page at the beginning; false when there is none, or its checksum is wrong.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out OggPage page)
    {
        page = default;
        if (bytes.Length < HeaderLength || !bytes[..4].SequenceEqual("OggS"u8) || bytes[4] != 0)
            return false;
        var length = HeaderLength + bytes[26];
        if (bytes.Length < length)
            return false;
        foreach (var size in bytes.Slice(HeaderLength, bytes[26]))
            length += size;
        if (bytes.Length < length)
            return false;
        var crc = OggCrc.Append(0, bytes[..22]);
        crc = OggCrc.Append(crc, stackalloc byte[4]);
        crc = OggCrc.Append(crc, bytes[26..length]);
        if (crc != BinaryPrimitives.ReadUInt32LittleEndian(bytes[22..]))
            return false;
        page = new OggPage(bytes, length);
        return true;
    }
}
