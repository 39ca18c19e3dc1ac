namespace Atm0s.Sip.TestKit.Audio;

/// <summary>G.711 A-law by its definition, independent of the library: the tests' own reading and writing.</summary>
public static class ALawTable
{
    private static readonly short[] Values = [.. Enumerable.Range(0, 256).Select(code => Expand((byte)code))];
    private static readonly byte[] Codes = [.. Enumerable.Range(short.MinValue, 1 << 16).Select(value => Nearest((short)value))];

    /// <summary>The sample of a code.</summary>
    public static short Decode(byte code) => Values[code];

    /// <summary>The code whose interval holds a sample.</summary>
    public static byte Encode(short sample) => Codes[sample - short.MinValue];

    // G.711 table 1a: a sign, three bits of segment, four bits of step; the even bits inverted on the wire.
    private static short Expand(byte code)
    {
        var bits = code ^ 0x55;
        var (segment, step) = ((bits >> 4) & 7, bits & 15);
        var magnitude = segment == 0 ? (step * 16) + 8 : ((step * 16) + 264) << (segment - 1);
        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static byte Nearest(short sample)
    {
        var magnitude = Math.Min(sample < 0 ? ~sample : sample, short.MaxValue);
        var segment = 0;
        while (magnitude >> (segment + 8) != 0)
            segment++;
        var step = (magnitude >> (segment == 0 ? 4 : segment + 3)) & 15;
        return (byte)(((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ 0x55);
    }
}
