namespace Atm0s.Sip.MediaQuality.Analysis;

/// <summary>Powers as levels.</summary>
internal static class Decibels
{
    private const double Floor = 1e-12;

    /// <summary>10 log10, of at least -120 dB.</summary>
    public static double Of(double power) => 10 * Math.Log10(Math.Max(power, Floor));

    /// <summary>The value below which so many percent lie.</summary>
    public static double Percentile(IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Clamp(percent / 100 * sorted.Length, 0, sorted.Length - 1)];
    }
}
