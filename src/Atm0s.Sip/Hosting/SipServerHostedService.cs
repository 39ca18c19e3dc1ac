using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hosting;

/// <summary>Starts and stops the server with its host, and follows its settings meanwhile.</summary>
internal sealed class SipServerHostedService(
    SipServer server, IOptionsFactory<SipServerOptions> factory, IEnumerable<IOptionsChangeTokenSource<SipServerOptions>> sources)
    : IHostedService, IDisposable
{
    private readonly SettingsFollower _follower = new(server, factory, sources);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        _follower.Start();
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _follower.Dispose();
        return server.StopAsync(cancellationToken);
    }

    public void Dispose() => _follower.Dispose();
}
