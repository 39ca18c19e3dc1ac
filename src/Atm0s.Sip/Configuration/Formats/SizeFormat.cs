using System.Globalization;
using System.Numerics;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>A number of bytes: <c>262144</c>, <c>256 KiB</c>, <c>64 MiB</c>, <c>1 GiB</c>.</summary>
/// <typeparam name="TNumber">Its type.</typeparam>
/// <param name="min">Smallest.</param>
/// <param name="max">Largest.</param>
internal sealed class SizeFormat<TNumber>(long min, long max) : ValueFormat<TNumber>(ValueKind.Size)
    where TNumber : struct, IBinaryInteger<TNumber>
{
    private static readonly (string Unit, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10)];

    public override string Advice => string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");

    public override string? Example => "262144 or 256KiB";

    public override double? Min => min;

    public override double? Max => max;

    public override bool TryRead(string text, out TNumber value)
    {
        var number = text.AsSpan().Trim();
        var factor = 1L;
        foreach (var (unit, bytes) in Units)
        {
            if (number.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                factor = bytes;
                number = number[..^unit.Length].TrimEnd();
                break;
            }
        }

        value = TNumber.Zero;
        if (!long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
            || count > long.MaxValue / factor || count < long.MinValue / factor)
            return false;
        value = TNumber.CreateSaturating(count * factor);
        return value == TNumber.CreateTruncating(count * factor) && long.CreateTruncating(value) == count * factor;
    }

    public override bool Allows(TNumber value) => long.CreateTruncating(value) is var bytes && bytes >= min && bytes <= max;

    public override string Write(TNumber value) => value.ToString(null, CultureInfo.InvariantCulture);
}
