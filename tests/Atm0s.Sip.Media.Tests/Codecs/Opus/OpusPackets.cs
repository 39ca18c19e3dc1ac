namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

/// <summary>Packets laid together by hand, after RFC 6716 §3.2.</summary>
internal static class OpusPackets
{
    /// <summary>One packet of code 3 with frames of their own sizes (VBR), from packets of one frame each with the same TOC.</summary>
    public static byte[] Join(params byte[][] packets)
    {
        var joined = new List<byte> { (byte)(packets[0][0] | 3), (byte)(0x80 | packets.Length) };
        foreach (var packet in packets[..^1])
        {
            var size = packet.Length - 1;
            if (size < 252)
                joined.Add((byte)size);
            else
                joined.AddRange([(byte)(252 + (size & 3)), (byte)((size - 252 - (size & 3)) / 4)]);
        }

        foreach (var packet in packets)
            joined.AddRange(packet[1..]);
        return [.. joined];
    }

    /// <summary>
    /// Bytes that look like packets now and then: any TOC, any length to 100, sometimes a good packet with bits turned over.
    /// </summary>
    public static byte[] Junk(Random random, IReadOnlyList<byte[]> good)
    {
        if (random.Next(4) == 0)
        {
            var broken = good[random.Next(good.Count)].ToArray();
            for (var i = random.Next(1, 6); i > 0; i--)
                broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
            return broken[..random.Next(broken.Length + 1)];
        }

        var junk = new byte[random.Next(random.Next(100) == 0 ? 1500 : 60)];
        random.NextBytes(junk);
        return junk;
    }
}
