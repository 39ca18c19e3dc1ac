namespace Atm0s.Sip.Media.Tests.Codecs.G711;

/// <summary>
/// The tables of ITU-T G.711, written out, and a linear search through them. Slow on purpose, and nothing in common with the product's way.
/// A sample on a decision value goes to the segment above when positive, below when negative (ITU-T G.191).
/// </summary>
internal sealed class Recommendation
{
    private readonly int[] _decisions;  // x_0 to x_128, in units of the 16-bit sample
    private readonly int[] _values;     // y_0 to y_127
    private readonly Func<int, bool, byte> _code;

    private Recommendation(int[] decisions, int[] values, Func<int, bool, byte> code)
    {
        _decisions = decisions;
        _values = values;
        _code = code;
    }

    /// <summary>Table 1a/G.711: 4096 to full scale; 32 steps of 2, then 16 each of 4, 8, 16, 32, 64, 128.</summary>
    public static Recommendation ALaw { get; } = MakeALaw();

    /// <summary>Table 2a/G.711: 8159 to full scale; a first step of 1, 15 of 2, then 16 each of 4, 8, 16, 32, 64, 128, 256.</summary>
    public static Recommendation MuLaw { get; } = MakeMuLaw();

    public byte Encode(int sample)
    {
        var negative = sample < 0;
        var magnitude = Math.Abs(sample);
        var interval = 0;
        for (var n = 0; n < 128; n++)
        {
            if (negative ? magnitude > _decisions[n] : magnitude >= _decisions[n])
                interval = n;
        }

        return _code(interval, negative);
    }

    public int Decode(byte code)
    {
        for (var n = 0; n < 128; n++)
        {
            if (_code(n, false) == code)
                return _values[n];
            if (_code(n, true) == code)
                return -_values[n];
        }

        throw new InvalidOperationException("No such code.");
    }

    private static Recommendation MakeALaw()
    {
        var decisions = new List<int> { 0 };
        for (var n = 0; n < 32; n++)
            decisions.Add(decisions[^1] + 2);
        foreach (var step in new[] { 4, 8, 16, 32, 64, 128 })
        {
            for (var n = 0; n < 16; n++)
                decisions.Add(decisions[^1] + step);
        }

        Assert.That(decisions, Has.Count.EqualTo(129));
        Assert.That(decisions[^1], Is.EqualTo(4096));
        var x = decisions.Select(d => d * 8).ToArray();
        var y = Enumerable.Range(0, 128).Select(n => (x[n] + x[n + 1]) / 2).ToArray();
        // Table 1a column 6 with the note: even bits inverted. 1 in the first bit is positive.
        return new Recommendation(x, y, (n, negative) => (byte)((negative ? n : n + 128) ^ 0b01010101));
    }

    private static Recommendation MakeMuLaw()
    {
        var decisions = new List<int> { 0, 1 };
        for (var n = 0; n < 15; n++)
            decisions.Add(decisions[^1] + 2);
        foreach (var step in new[] { 4, 8, 16, 32, 64, 128, 256 })
        {
            for (var n = 0; n < 16; n++)
                decisions.Add(decisions[^1] + step);
        }

        Assert.That(decisions, Has.Count.EqualTo(129));
        Assert.That(decisions[^1], Is.EqualTo(8159));
        var x = decisions.Select(d => d * 4).ToArray();
        var y = Enumerable.Range(0, 128).Select(n => n == 0 ? 0 : (x[n] + x[n + 1]) / 2).ToArray();
        // Table 2a column 6: 1111 1111 for the smallest positive value, counting down.
        return new Recommendation(x, y, (n, negative) => (byte)(negative ? 127 - n : 255 - n));
    }
}
