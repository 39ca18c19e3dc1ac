using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace RoomServer;

/// <summary>
/// Says so when the section RoomServer changes while the server runs: its switches are read at the start alone. The section Sip is
/// followed by the server itself.
/// </summary>
/// <param name="settings">The settings.</param>
/// <param name="logger">Is told.</param>
internal sealed partial class OwnSectionWatch(ConfigurationManager settings, ILogger<OwnSectionWatch> logger) : IHostedService, IDisposable
{
    private readonly Dictionary<string, string?> _atStart = Read(settings);
    private readonly Lock _lock = new();
    private IDisposable? _watch;
    private string _told = "";

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _watch = ChangeToken.OnChange(((IConfiguration)settings).GetReloadToken, Look);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _watch?.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            var now = Read(settings);
            var changed = now.Keys.Union(_atStart.Keys)
                .Where(key => now.GetValueOrDefault(key) != _atStart.GetValueOrDefault(key))
                // The name of the switch, or of the user, and never what it is set to: that may be a password.
                .Select(key => string.Join(':', key.Split(':').Take(2)))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase);
            var names = string.Join(", ", changed);
            if (names.Length > 0 && names != _told)
                NeedRestart(logger, names);
            _told = names;
        }
    }

    private static Dictionary<string, string?> Read(ConfigurationManager settings) =>
        settings.GetSection(Switches.Section).AsEnumerable()
            .Where(setting => setting.Value is not null)
            .ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.OrdinalIgnoreCase);

    [LoggerMessage(1, LogLevel.Warning, "{Settings} changed, and need a restart: those of the start stay in force")]
    private static partial void NeedRestart(ILogger logger, string settings);
}
