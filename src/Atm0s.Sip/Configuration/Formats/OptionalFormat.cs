namespace Atm0s.Sip.Configuration.Formats;

/// <summary>A value, or none.</summary>
/// <typeparam name="TValue">Its type.</typeparam>
/// <param name="inner">Reads the value.</param>
internal sealed class OptionalFormat<TValue>(ValueFormat<TValue> inner) : ValueFormat<TValue?>(inner.Kind)
    where TValue : struct
{
    public override string Advice => inner.Advice;

    public override bool IsOptional => true;

    public override IReadOnlyList<string> Names => inner.Names;

    public override double? Min => inner.Min;

    public override double? Max => inner.Max;

    public override bool TryRead(string text, out TValue? value)
    {
        value = inner.TryRead(text, out var read) ? read : null;
        return value is not null;
    }

    public override bool Allows(TValue? value) => value is not { } some || inner.Allows(some);

    public override string Write(TValue? value) => value is { } some ? inner.Write(some) : "";
}
