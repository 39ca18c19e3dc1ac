using System.Globalization;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>
/// A time: <c>500ms</c>, <c>5s</c>, <c>10min</c>, <c>2h</c>, <c>1d</c>, <c>00:00:05</c>, and <c>infinite</c>. A number alone is none: in
/// .NET it means days, and who writes it means seconds.
/// </summary>
/// <param name="minSeconds">Shortest.</param>
/// <param name="maxSeconds">Longest.</param>
/// <param name="inMilliseconds">Whether messages count it in milliseconds.</param>
/// <param name="zero">Whether zero is allowed although it is below the shortest: it turns something off.</param>
/// <param name="endless">Whether <see cref="Timeout.InfiniteTimeSpan"/> and <see cref="TimeSpan.MaxValue"/> are allowed: no limit.</param>
internal sealed class TimeFormat(
    double minSeconds, double maxSeconds, bool inMilliseconds = false, bool zero = false, bool endless = false)
    : ValueFormat<TimeSpan>(ValueKind.Time)
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("min", 60), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    public override string Advice =>
        $"a time from {InUnit(minSeconds)} to {InUnit(maxSeconds)}"
        + (zero && minSeconds > 0 ? endless ? ", or 0 or infinite for no limit" : ", or 0 for no limit"
            : endless ? ", or infinite for no limit" : "");

    public override string? Example => inMilliseconds ? "50ms or 00:00:00.050" : "5s or 00:00:05";

    public override double? Min => zero ? 0 : minSeconds;

    public override double? Max => maxSeconds;

    /// <summary>Whether a time may be endless.</summary>
    public bool AllowsEndless => endless;

    public override bool TryRead(string text, out TimeSpan value)
    {
        var trimmed = text.AsSpan().Trim();
        value = Timeout.InfiniteTimeSpan;
        if (trimmed.Equals("infinite", StringComparison.OrdinalIgnoreCase))
            return true;
        if (trimmed.Contains(':'))
            return TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out value);
        foreach (var (unit, seconds) in Units)
        {
            if (!trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                continue;
            return double.TryParse(
                trimmed[..^unit.Length].TrimEnd(),
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var count)
                && TryMake(count * seconds, out value);
        }

        value = TimeSpan.Zero;
        return trimmed is "0";
    }

    public override bool Allows(TimeSpan value) =>
        value.IsEndless() ? endless
        : (zero && value == TimeSpan.Zero) || (value.TotalSeconds >= minSeconds && value.TotalSeconds <= maxSeconds);

    public override string Write(TimeSpan value) => value.IsEndless() && !(inMilliseconds && value < TimeSpan.Zero) ? "infinite" : InUnit(value.TotalSeconds);

    private static bool TryMake(double seconds, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (double.Abs(seconds) > 1e10)
            return false;
        // Not FromSeconds, which takes a part of a tick off what is no binary fraction.
        value = TimeSpan.FromTicks((long)double.Round(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    private string InUnit(double seconds) =>
        inMilliseconds ? string.Create(CultureInfo.InvariantCulture, $"{double.Round(seconds * 1000, 4)} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
}
