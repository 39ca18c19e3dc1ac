namespace Atm0s.Sip.Sounds.Ogg;

/// <summary>Opus packets that tell their own length, of which several stand in one packet of a file (RFC 6716 appendix B).</summary>
internal static class SelfDelimited
{
    /// <summary>Writes a packet so; it has one frame, as every packet of our encoders of 20 ms has.</summary>
    /// <returns>Bytes written; 0 when it has more frames.</returns>
    public static int Write(ReadOnlySpan<byte> packet, Span<byte> output)
    {
        if (packet.IsEmpty || (packet[0] & 3) != 0)
            return 0;
        output[0] = packet[0];
        var length = WriteLength(packet.Length - 1, output[1..]);
        packet[1..].CopyTo(output[(1 + length)..]);
        return packet.Length + length;
    }

    /// <summary>Takes the first packet out of several.</summary>
    /// <param name="bytes">The packets.</param>
    /// <param name="packet">The first one in its usual form.</param>
    /// <returns>Bytes that it took, or -1 when it can't be read.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out byte[] packet)
    {
        packet = [];
        if (bytes.IsEmpty)
            return -1;
        var at = 1;
        var code = bytes[0] & 3;
        // The length that is added stands behind all others: of the last frame, or of every one where all are alike.
        var lengths = new List<int>();
        var (count, padding, isVariable) = (code == 0 ? 1 : 2, 0, code == 2);
        if (code == 3)
        {
            if (bytes.Length < 2)
                return -1;
            count = bytes[1] & 0x3F;
            isVariable = (bytes[1] & 0x80) != 0;
            at = 2;
            if ((bytes[1] & 0x40) != 0 && !TryReadPadding(bytes, ref at, out padding))
                return -1;
        }

        if (count is 0 or > 48)
            return -1;
        for (var i = 0; i < (isVariable ? count - 1 : 0); i++)
        {
            if (!TryReadLength(bytes, ref at, out var length))
                return -1;
            lengths.Add(length);
        }

        var own = at;
        if (!TryReadLength(bytes, ref at, out var last))
            return -1;
        var body = (isVariable ? lengths.Sum() + last : last * count) + padding;
        if (bytes.Length < at + body)
            return -1;
        packet = [.. bytes[..own], .. bytes.Slice(at, body)];
        return at + body;
    }

    private static bool TryReadPadding(ReadOnlySpan<byte> bytes, ref int at, out int padding)
    {
        padding = 0;
        while (at < bytes.Length)
        {
            var value = bytes[at++];
            padding += value == 255 ? 254 : value;
            if (value != 255)
                return true;
        }

        return false;
    }

    // RFC 6716 §3.2.1
    private static bool TryReadLength(ReadOnlySpan<byte> bytes, ref int at, out int length)
    {
        length = 0;
        if (at >= bytes.Length)
            return false;
        length = bytes[at++];
        if (length < 252)
            return true;
        if (at >= bytes.Length)
            return false;
        length += 4 * bytes[at++];
        return true;
    }

    private static int WriteLength(int length, Span<byte> output)
    {
        if (length < 252)
        {
            output[0] = (byte)length;
            return 1;
        }

        output[0] = (byte)(252 + (length & 3));
        output[1] = (byte)((length - output[0]) >> 2);
        return 2;
    }
}
