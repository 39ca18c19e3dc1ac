using System.Globalization;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>A part of the whole: above 0, 1 at most.</summary>
internal sealed class ShareFormat() : ValueFormat<double>(ValueKind.Number)
{
    public override string Advice => "a number above 0, 1 at most, for example 0.5";

    public override double? Min => 0;

    public override double? Max => 1;

    public override bool TryRead(string text, out double value) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    public override bool Allows(double value) => value > 0 && value <= 1;

    public override string Write(double value) => value.ToString(CultureInfo.InvariantCulture);
}
