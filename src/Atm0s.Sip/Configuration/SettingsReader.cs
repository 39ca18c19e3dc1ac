using Atm0s.Sip.Configuration.Tables;
using Microsoft.Extensions.Configuration;

namespace Atm0s.Sip.Configuration;

/// <summary>Reads a configuration into options.</summary>
internal static class SettingsReader
{
    /// <exception cref="SipStartException">Something there is unknown, can't be read, or is out of range.</exception>
    public static void Read(SipServerOptions options, IConfigurationSection section)
    {
        options.Source = section;
        Read(ServerSettings.Table, options, section);
    }

    /// <summary>Reads the options of a package that stands beside the server.</summary>
    /// <param name="table">Their settings.</param>
    /// <param name="options">They.</param>
    /// <param name="configuration">The configuration of the host, or a section of it.</param>
    /// <param name="section">The section of the configuration of a host.</param>
    /// <exception cref="SipStartException">Something there is unknown, can't be read, or is out of range.</exception>
    public static void Read<TOptions>(SettingTable<TOptions> table, TOptions options, IConfiguration configuration, string section) =>
        Read(table, options, configuration as IConfigurationSection ?? configuration.GetSection(section));

    private static void Read<TOptions>(SettingTable<TOptions> table, TOptions options, IConfigurationSection section)
    {
        var place = new ConfigurationPlace(section, section.Path);
        if (!string.IsNullOrEmpty(section.Value))
            throw (table.HasSecret ? place.Secret() : place).Wrong($"the settings below it, for example {table.Rows[0].Name}");
        table.Bind(options, place);
    }
}
