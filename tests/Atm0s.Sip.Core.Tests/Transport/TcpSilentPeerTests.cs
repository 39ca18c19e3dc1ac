using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>Connections that are opened to hold a place.</summary>
[TestFixture]
[NonParallelizable]
[Property("threat", "S5")]
public class TcpSilentPeerTests
{
    private RecordingSink _sink = new();

    [SetUp]
    public void NewSink() => _sink = new RecordingSink();

    // Forty addresses take all places, each as many as it may have; the forty-second address is an honest one.
    [Test]
    public async Task AllPlacesHeldBySilentOnes_AnHonestClientIsServedSoon()
    {
        await using var transport = await Net.TcpAsync(
            _sink, IPAddress.Any, null, o => (o.MaxConnections, o.MaxConnectionsPerAddress) = (400, 10));
        var server = new IPEndPoint(IPAddress.Loopback, transport.LocalEndPoint.Port);
        var silent = new List<Socket>();
        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < 10; j++)
                silent.Add(await ConnectFromAsync(new IPAddress([127, 0, 1, (byte)(1 + i)]), server));
        }

        using var honest = await ConnectFromAsync(IPAddress.Parse("127.0.0.42"), server);
        var watch = Stopwatch.StartNew();
        await honest.SendAsync(Net.Message("honest"));
        var received = await _sink.NextAsync();

        Assert.That(received.CallId, Is.EqualTo("honest"));
        Assert.That(watch.ElapsedMilliseconds, Is.LessThan(500));
        Assert.That(await silent[0].ReceiveAsync(), Is.Empty, "the oldest gave way");
        silent.ForEach(client => client.Dispose());
    }

    // Behind one address: the silent ones of that address give way, and not those of others.
    [Test]
    public async Task AllPlacesOfAnAddressHeldBySilentOnes_ItsHonestClientIsServedSoon()
    {
        await using var transport = await Net.TcpAsync(
            _sink, IPAddress.Any, null, o => (o.MaxConnections, o.MaxConnectionsPerAddress) = (400, 10));
        var server = new IPEndPoint(IPAddress.Loopback, transport.LocalEndPoint.Port);
        using var other = await ConnectFromAsync(IPAddress.Parse("127.0.1.9"), server);
        var silent = new List<Socket>();
        for (var j = 0; j < 10; j++)
            silent.Add(await ConnectFromAsync(IPAddress.Parse("127.0.1.1"), server));

        using var honest = await ConnectFromAsync(IPAddress.Parse("127.0.1.1"), server);
        await honest.SendAsync(Net.Message("honest"));
        await _sink.NextAsync();

        Assert.That(await silent[0].ReceiveAsync(), Is.Empty);
        await other.SendAsync(Net.Message("other"));
        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("other"));
        silent.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task SilentOne_CostsLittle()
    {
        await using var transport = await Net.TcpAsync(
            _sink, IPAddress.Loopback, null, o => o.MaxConnectionsPerAddress = 10_000);
        var clients = new List<Socket>();
        await ConnectAsync(500);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clientsBefore = clients.Count;
        await ConnectAsync(1000);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (clients.Count - clientsBefore);

        // Both ends are in this process.
        await TestContext.Out.WriteLineAsync($"{each} bytes for a connection that has spoken, with the client's socket");
        Assert.That(transport.Budget.Used, Is.Zero);
        Assert.That(each, Is.LessThan(4500));
        clients.ForEach(client => client.Dispose());

        async Task ConnectAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                clients.Add(await Net.TcpClientAsync(transport.LocalEndPoint));
                await clients[^1].SendAsync(Net.Message("m"));
                await _sink.NextAsync();
            }
        }
    }

    private static async Task<Socket> ConnectFromAsync(IPAddress local, IPEndPoint server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(local, 0));
        await socket.ConnectAsync(server).WaitAsync(Net.Limit);
        return socket;
    }
}
