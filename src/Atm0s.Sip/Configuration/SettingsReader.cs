using Atm0s.Sip.Configuration.Tables;
using Microsoft.Extensions.Configuration;

namespace Atm0s.Sip.Configuration;

/// <summary>Reads a configuration into options.</summary>
internal static class SettingsReader
{
    /// <exception cref="SipStartException">Something there is unknown, can't be read, or is out of range.</exception>
    public static void Read(SipServerOptions options, IConfigurationSection section)
    {
        var place = new ConfigurationPlace(section, section.Path);
        if (!string.IsNullOrEmpty(section.Value))
            throw place.Wrong("the settings below it, for example Listeners");
        options.Source = section;
        ServerSettings.Table.Bind(options, place);
    }
}
