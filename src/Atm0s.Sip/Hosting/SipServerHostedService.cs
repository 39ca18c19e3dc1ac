using Microsoft.Extensions.Hosting;

namespace Atm0s.Sip.Hosting;

/// <summary>Starts and stops the server with its host.</summary>
internal sealed class SipServerHostedService(SipServer server) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);
}
