using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration;

/// <summary>What a setting is.</summary>
/// <param name="Owner">The options class that has it.</param>
/// <param name="Name">Its name.</param>
internal sealed record SettingShape(Type Owner, string Name)
{
    /// <summary>What its values, or those of its list, may be; null for a group.</summary>
    public ValueFormat? Format { get; init; }

    /// <summary>Whether there may be many.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether they may have names instead of numbers.</summary>
    public bool IsNamed { get; init; }

    /// <summary>What is below it; empty for a value.</summary>
    public IReadOnlyList<SettingShape> Children { get; init; } = [];

    /// <summary>Its value when nothing is set; null for none.</summary>
    public string? Default { get; init; }

    public ReloadKind Reload { get; init; }

    public bool IsSecret { get; init; }

    public string? Note { get; init; }
}
