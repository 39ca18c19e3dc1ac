namespace Atm0s.Sip.Media.Tests.Dtmf;

/// <summary>Key tones as the tables of ITU-T Q.24 vary them, made apart from the generator under test.</summary>
internal sealed class KeyTones(int rate, int seed = 1)
{
    private const string Layout = "123A456B789C*0#D";
    private static readonly int[] Rows = [697, 770, 852, 941];
    private static readonly int[] Columns = [1209, 1336, 1477, 1633];

    private readonly Random _random = new(seed);
    private readonly List<double> _signal = [];

    /// <summary>Of the row's tone, in dBm0: 3.14 dBm0 is a sine at full scale.</summary>
    public Func<Random, double> Level { get; init; } = _ => -12;

    /// <summary>The column's tone over the row's, in dB.</summary>
    public Func<Random, double> Twist { get; init; } = _ => 0;

    /// <summary>Share by which a tone is off its frequency.</summary>
    public Func<Random, double> Deviation { get; init; } = _ => 0;

    public int Tone { get; init; } = 40;

    public int Pause { get; init; } = 40;

    /// <summary>Of white noise, which goes on in the pauses, in dB.</summary>
    public double SignalToNoise { get; init; } = 40;

    public static string Random(int count, int seed = 2)
    {
        var random = new Random(seed);
        return new string([.. Enumerable.Range(0, count).Select(_ => Layout[random.Next(16)])]);
    }

    public short[] Press(string keys)
    {
        foreach (var key in keys)
            Press(key);
        return [.. _signal.Select(s => (short)Math.Clamp(Math.Round(s), short.MinValue, short.MaxValue))];
    }

    private void Press(char key)
    {
        var at = Layout.IndexOf(key, StringComparison.Ordinal);
        var row = 32768 * Math.Pow(10, (Level(_random) - 3.14) / 20);
        var column = row * Math.Pow(10, Twist(_random) / 20);
        var (w1, w2) = (Step(Rows[at / 4]), Step(Columns[at % 4]));
        var (p1, p2) = (_random.NextDouble() * 6.28, _random.NextDouble() * 6.28);
        var noise = Math.Sqrt(((row * row) + (column * column)) / 2 / Math.Pow(10, SignalToNoise / 10));
        var tone = rate * Tone / 1000;
        // The pause a little longer at random, so that every place of a tone within the frames is met.
        var length = tone + (rate * Pause / 1000) + _random.Next(rate / 100);
        for (var i = 0; i < length; i++)
        {
            var sample = i < tone ? (row * Math.Sin(p1 + (w1 * i))) + (column * Math.Sin(p2 + (w2 * i))) : 0;
            _signal.Add(sample + (noise * Bell()));
        }
    }

    private double Step(int frequency) => 2 * Math.PI * frequency * (1 + Deviation(_random)) / rate;

    private double Bell()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += _random.NextDouble();
        return sum;
    }
}
