using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Atm0s.Sip.Observability.Tests.Health;

/// <summary>Listeners with real sockets.</summary>
public sealed class ListenerHealthTests
{
    [Test]
    public async Task RealListeners_Receive_UntilTheyAreClosed()
    {
        var options = new SipServerOptions { Realm = "test.local" };
        options.Listen("udp://127.0.0.1:0").Listen("tcp://127.0.0.1:0");
        (options.Media.FirstPort, options.Media.LastPort) = (43_200, 43_299);
        await using var server = new SipServer(options, new TestHost().Handlers);
        await server.StartAsync();
        var transports = server.Parts.Stack.Transports;
        Assert.That(transports.SelectMany(transport => transport.Receivers).Select(receiver => receiver.IsAlive), Is.All.True);
        Assert.That(transports.Select(transport => transport.Receivers.Count), Has.All.EqualTo(1));
        Assert.That(server.Parts.Health.Listeners().Status, Is.EqualTo(HealthStatus.Healthy));

        await transports[0].DisposeAsync();
        var reading = server.Parts.Health.Listeners();
        Assert.That(reading.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(reading.Description, Does.Contain("nothing receives at udp://127.0.0.1:"));
    }
}
