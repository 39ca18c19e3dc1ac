using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace RoomServer;

/// <summary>
/// The settings beside the command line: <c>appsettings.json</c> of the working directory, files named by <c>--config</c>, and the
/// environment (<c>Sip__Realm</c>, or <c>ATM0S_Sip__Realm</c>). The later one wins, and a switch wins over all.
/// </summary>
public static class Settings
{
    // What else stands in such files by custom.
    private static readonly string[] Known = ["Sip", Switches.Section, "Logging", "$schema", "AllowedHosts"];

    /// <summary>Reads them.</summary>
    /// <param name="args">The command line, for <c>--config</c>.</param>
    /// <param name="told">Is told of a changed file that can't be read; the settings of before stay.</param>
    /// <exception cref="FormatException">A file can't be read, or holds a section that nobody looks at.</exception>
    public static ConfigurationManager Load(string[] args, Action<string>? told = null)
    {
        var settings = new ConfigurationManager();
        Add("appsettings.json", optional: true);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--config")
            {
                var file = ++i < args.Length ? args[i] : throw new FormatException("--config wants a value after it; try --help.");
                Add(file, optional: false);
            }
        }

        if (settings.GetChildren().FirstOrDefault(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new FormatException(
                $"{unknown.Path} is no section of RoomServer; write the settings of the server under Sip, and switches under "
                + $"{Switches.Section}.");
        settings.AddEnvironmentVariables();
        settings.AddEnvironmentVariables("ATM0S_");
        return settings;

        void Add(string file, bool optional)
        {
            var path = Path.GetFullPath(file);
            if (!optional && !File.Exists(path))
                throw new FormatException($"--config: there is no file {path}.");
            settings.Add<JsonConfigurationSource>(source =>
            {
                source.FileProvider = new LastGoodFile(path, told);
                source.Path = Path.GetFileName(path);
                source.Optional = optional;
                source.ReloadOnChange = true;
            });
        }
    }
}
