using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hosting;

/// <summary>
/// Starts and stops the server with its host, and follows its settings meanwhile. Drains before anything of the host stops: health checks,
/// metrics and the control API answer meanwhile.
/// </summary>
internal sealed class SipServerHostedService(
    SipServer server, IOptionsFactory<SipServerOptions> factory, IEnumerable<IOptionsChangeTokenSource<SipServerOptions>> sources)
    : IHostedLifecycleService, IDisposable
{
    private readonly SettingsFollower _follower = new(server, factory, sources);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        _follower.Start();
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var limit = server.Options.WaitForCallsToEnd;
        if (limit != TimeSpan.Zero)
            await server.DrainAsync(limit, cancellationToken).ConfigureAwait(false);
        // What carries others' connections is the host's, and would wait for those to end before it lets us say BYE over them.
        if (server.HasAddedTransports)
            await StopAsync(cancellationToken).ConfigureAwait(false);
    }

    // When the host's patience is over, its token is cancelled; the phones still get their BYE, for StopTimeout at most.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _follower.Dispose();
        return server.StopAsync(cancellationToken.IsCancellationRequested ? CancellationToken.None : cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _follower.Dispose();
}
