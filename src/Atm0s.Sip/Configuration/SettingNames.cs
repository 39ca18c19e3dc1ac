using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Atm0s.Sip.Configuration;

/// <summary>
/// How a setting is called in messages: <c>Sip:Media:LastPort</c> where a configuration has set it, else <c>Media.LastPort</c>.
/// </summary>
/// <param name="section">The configuration, or null when there is none.</param>
internal sealed class SettingNames(IConfigurationSection? section)
{
    /// <summary>A setting has a value that can't work.</summary>
    /// <param name="setting">Path of properties, for example <c>Trunks[0].Server</c>.</param>
    /// <param name="rest">The rest of the sentence.</param>
    public SipStartException Problem(string setting, string rest) =>
        new(setting, ConfigurationPlace.OneLine($"{PathOf(setting) ?? setting}{rest}"));

    // Null where no configuration has set it.
    private string? PathOf(string setting)
    {
        if (section is null)
            return null;
        var place = section;
        foreach (var part in setting.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            place = place.GetSection(bracket < 0 ? part : part[..bracket]);
            if (bracket < 0 || place.Value is { Length: > 0 })
                continue;
            // Members of a list stand in the order of their keys, which may be names.
            var index = int.Parse(part.AsSpan(bracket + 1, part.Length - bracket - 2), CultureInfo.InvariantCulture);
            if (place.GetChildren().ElementAtOrDefault(index) is not { } member)
                return null;
            place = member;
        }

        return place.Value is not null || place.GetChildren().Any() ? place.Path : null;
    }
}
