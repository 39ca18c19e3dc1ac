namespace Atm0s.Sip.MediaQuality.Signals;

/// <summary>Tones one after the other, to measure what passes and how loud.</summary>
internal static class Tones
{
    /// <summary>How long each sounds.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(500);

    /// <summary>Frequencies in Hz: the telephone band first, then wide band.</summary>
    public static IReadOnlyList<double> Frequencies { get; } =
        [1000, 100, 150, 200, 300, 500, 2000, 3000, 3300, 3500, 3700, 4600, 5500, 6500, 7000, 7400];

    /// <summary>All of them at 48 kHz, each faded in and out.</summary>
    /// <param name="dbfs">Level of the peaks.</param>
    public static float[] All(double dbfs)
    {
        var length = (int)(Length.TotalSeconds * Speech.Rate);
        var fade = Speech.Rate / 100;
        var samples = new float[length * Frequencies.Count];
        for (var i = 0; i < samples.Length; i++)
        {
            var (tone, at) = (i / length, i % length);
            var edge = Math.Min(1.0, Math.Min(at, length - 1 - at) / (double)fade);
            samples[i] = (float)(Math.Pow(10, dbfs / 20) * edge * Math.Sin(Math.Tau * Frequencies[tone] * at / Speech.Rate));
        }

        return samples;
    }

    /// <summary>One tone at 48 kHz.</summary>
    public static float[] One(double hz, double dbfs, TimeSpan duration)
    {
        var samples = new float[(int)(duration.TotalSeconds * Speech.Rate)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(Math.Pow(10, dbfs / 20) * Math.Sin(Math.Tau * hz * i / Speech.Rate));
        return samples;
    }
}
