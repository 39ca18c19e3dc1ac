using System.Globalization;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>A whole number.</summary>
/// <param name="min">Smallest.</param>
/// <param name="max">Largest.</param>
internal sealed class NumberFormat(int min, int max) : ValueFormat<int>(ValueKind.Number)
{
    public override string Advice => string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");

    public override double? Min => min;

    public override double? Max => max;

    public override bool TryRead(string text, out int value) =>
        int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    public override bool Allows(int value) => value >= min && value <= max;

    public override string Write(int value) => value.ToString(CultureInfo.InvariantCulture);
}
