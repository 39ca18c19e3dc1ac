using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Atm0s.Sip.Configuration;

/// <summary>
/// How a setting is called in messages: <c>Sip:Media:LastPort</c> where a configuration has set it, else <c>Media.LastPort</c>.
/// </summary>
/// <param name="section">The configuration, or null when there is none.</param>
internal sealed partial class SettingNames(IConfigurationSection? section)
{
    /// <summary>A setting has a value that can't work.</summary>
    /// <param name="setting">Path of properties.</param>
    /// <param name="rest">The rest of the sentence.</param>
    public SipStartException Problem(string setting, string rest)
    {
        var key = Index().Replace(setting, ":$1").Replace('.', ':');
        var isSet = section is not null && section.GetSection(key) is var place && (place.Value is not null || place.GetChildren().Any());
        return new SipStartException(setting, $"{(isSet ? $"{section!.Path}:{key}" : setting)}{rest}");
    }

    [GeneratedRegex(@"\[(\d+)\]")]
    private static partial Regex Index();
}
