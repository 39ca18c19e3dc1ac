using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Configuration;

/// <summary>
/// Notes, before options are made of a configuration, what tells whether it has changed since: a change before the server has started must
/// not be lost. The first of all that make options.
/// </summary>
internal sealed class SettingsTokens(IEnumerable<IOptionsChangeTokenSource<SipServerOptions>> sources) : IConfigureOptions<SipServerOptions>
{
    public void Configure(SipServerOptions options) =>
        options.ChangeTokens = [.. Default(sources).Select(source => source.GetChangeToken())];

    /// <summary>Those of the options that a server has.</summary>
    public static IEnumerable<IOptionsChangeTokenSource<SipServerOptions>> Default(
        IEnumerable<IOptionsChangeTokenSource<SipServerOptions>> sources) =>
        sources.Where(source => source.Name is null || source.Name == Options.DefaultName);
}
