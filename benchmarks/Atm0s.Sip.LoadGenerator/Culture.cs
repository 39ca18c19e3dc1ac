using System.Globalization;

namespace Atm0s.Sip.LoadGenerator;

/// <summary>Numbers look the same everywhere.</summary>
internal static class Culture
{
    public static CultureInfo Invariant => CultureInfo.InvariantCulture;

    public static string Text(double value, string format = "0.#") => double.IsNaN(value) ? "-" : value.ToString(format, Invariant);

    /// <summary>Nanoseconds as milliseconds.</summary>
    public static string Milliseconds(long nanoseconds) => Text(nanoseconds / 1e6, nanoseconds < 10 * Clock.Millisecond ? "0.00" : "0");
}
