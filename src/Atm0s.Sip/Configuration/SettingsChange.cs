using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Atm0s.Sip.Configuration;

/// <summary>Tells when the configuration that the options are read from has changed.</summary>
/// <param name="section">The configuration.</param>
internal sealed class SettingsChange(IConfigurationSection section) : IOptionsChangeTokenSource<SipServerOptions>
{
    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => section.GetReloadToken();
}
