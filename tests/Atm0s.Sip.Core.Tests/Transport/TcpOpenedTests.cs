using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>Connections that we open and that nothing depends on are bounded.</summary>
public sealed class TcpOpenedTests
{
    [Test]
    public async Task TryGetFlow_ToOneAddress_SixteenThatNothingDependsOn()
    {
        await using var transport = await Net.TcpAsync(new RecordingSink(), IPAddress.Any);
        var listeners = Enumerable.Range(0, 18).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var remotes = listeners.Select(listener => (IPEndPoint)listener.LocalEndpoint).ToArray();
        var flows = remotes.Take(16).Select(transport.TryGetFlow).ToArray();

        Assert.That(flows, Has.None.Null);
        Assert.That(transport.TryGetFlow(remotes[16]), Is.Null);
        Assert.That(transport.TryGetFlow(remotes[0]), Is.SameAs(flows[0]), "one that is there");
        Assert.That(transport.TryGetFlow(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 9)), Is.Not.Null, "another address");

        flows[0]!.Hold();
        await Net.UntilAsync(() => transport.TryGetFlow(remotes[16]) is not null);
        Assert.That(transport.TryGetFlow(remotes[17]), Is.Null);
        using (await listeners[1].AcceptSocketAsync())
        {
        }

        await Net.UntilAsync(() => transport.TryGetFlow(remotes[17]) is not null);
        foreach (var listener in listeners)
            listener.Dispose();
    }
}
