namespace Atm0s.Sip.Configuration.Formats;

/// <summary>One of some names; case and hyphens do not matter.</summary>
/// <typeparam name="TEnum">The names.</typeparam>
/// <param name="allowed">Those that have a meaning; null for all.</param>
internal sealed class ChoiceFormat<TEnum>(TEnum[]? allowed = null) : ValueFormat<TEnum>(ValueKind.Choice)
    where TEnum : struct, Enum
{
    private readonly TEnum[] _values = allowed ?? Enum.GetValues<TEnum>();

    public override string Advice =>
        Names.Count > 1 ? $"{string.Join(", ", Names.SkipLast(1))} or {Names[^1]}" : string.Concat(Names);

    public override IReadOnlyList<string> Names => [.. _values.Select(value => value.ToString())];

    public override bool TryRead(string text, out TEnum value)
    {
        // A number says nothing to who reads it later, and changes its meaning when a name comes between.
        var plain = Plain(text);
        foreach (var candidate in _values)
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

    public override bool Allows(TEnum value) => Array.IndexOf(_values, value) >= 0;

    public override string Write(TEnum value) => value.ToString();

    private static string Plain(string name) =>
        name.Trim().Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
}
