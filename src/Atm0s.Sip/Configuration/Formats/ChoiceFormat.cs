namespace Atm0s.Sip.Configuration.Formats;

/// <summary>One of some names; case and hyphens do not matter.</summary>
/// <typeparam name="TEnum">The names.</typeparam>
internal sealed class ChoiceFormat<TEnum>() : ValueFormat<TEnum>(ValueKind.Choice)
    where TEnum : struct, Enum
{
    private static readonly TEnum[] Values = Enum.GetValues<TEnum>();

    public override string Advice =>
        Names.Count > 1 ? $"{string.Join(", ", Names.SkipLast(1))} or {Names[^1]}" : string.Concat(Names);

    public override IReadOnlyList<string> Names => Enum.GetNames<TEnum>();

    public override bool TryRead(string text, out TEnum value)
    {
        // A number says nothing to who reads it later, and changes its meaning when a name comes between.
        var plain = Plain(text);
        foreach (var candidate in Values)
        {
            if (Plain(candidate.ToString()).Equals(plain, StringComparison.OrdinalIgnoreCase))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    public override bool Allows(TEnum value) => Enum.IsDefined(value);

    public override string Write(TEnum value) => value.ToString();

    private static string Plain(string name) =>
        name.Trim().Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
}
