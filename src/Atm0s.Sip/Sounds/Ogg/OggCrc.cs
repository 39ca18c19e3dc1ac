namespace Atm0s.Sip.Sounds.Ogg;

/// <summary>The checksum of a page (RFC 3533 §6): polynomial 0x04c11db7, begins with 0, nothing mirrored.</summary>
internal static class OggCrc
{
    private static readonly uint[] Table = MakeTable();

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = (crc << 8) ^ Table[(crc >> 24) ^ value];
        return crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i << 24;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 0x8000_0000) != 0 ? (value << 1) ^ 0x04C1_1DB7 : value << 1;
            table[i] = value;
        }

        return table;
    }
}
