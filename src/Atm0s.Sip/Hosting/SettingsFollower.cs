using Atm0s.Sip.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Atm0s.Sip.Hosting;

/// <summary>
/// Takes changed settings over into the running server. Makes them itself and not by <see cref="IOptionsMonitor{TOptions}"/>, which gives
/// what can't be read to whoever asks next.
/// </summary>
internal sealed class SettingsFollower(
    SipServer server, IOptionsFactory<SipServerOptions> factory, IEnumerable<IOptionsChangeTokenSource<SipServerOptions>> sources)
    : IDisposable
{
    private readonly List<IDisposable> _registrations = [];

    /// <summary>Follows from now on, and takes over what has changed since the server's settings were made.</summary>
    public void Start()
    {
        foreach (var source in SettingsTokens.Default(sources))
            _registrations.Add(ChangeToken.OnChange(source.GetChangeToken, Follow));
        if (server.Options.ChangeTokens.Any(token => token.HasChanged))
            Follow();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _registrations.Clear();
    }

    // Two files that change at once are followed one after the other: else the older settings could be taken over last.
    private void Follow()
    {
        lock (_registrations)
            FollowNow();
    }

    private void FollowNow()
    {
        try
        {
            var options = factory.Create(Options.DefaultName);
            if (server.Options.Source is not null && options.Source?.GetChildren().Any() != true)
                server.RefuseReload($"the configuration has no section {server.Options.Source.Path} any more, or it is empty.");
            else
                server.Reload(options);
        }
        catch (SipStartException problem)
        {
            server.RefuseReload(problem.Message);
        }
        catch (OptionsValidationException problem)
        {
            server.RefuseReload(problem.Message);
        }
        catch (InvalidOperationException) when (server.ListenUris.Count == 0)
        {
            // It stops.
        }
#pragma warning disable CA1031 // What the host's own code throws while it makes options must not end the thread that watches files.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            server.RefuseReload(problem.Message);
        }
    }
}
