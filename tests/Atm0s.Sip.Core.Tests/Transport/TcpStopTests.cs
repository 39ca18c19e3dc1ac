using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Core.Tests.Transport;

[TestFixture]
public class TcpStopTests
{
    private RecordingSink _sink = new();

    [SetUp]
    public void NewSink() => _sink = new RecordingSink();

    [Test]
    public async Task Dispose_ClosesConnectionsAndFreesThePort([ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        var transport = await Net.TcpAsync(_sink, address);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("one"));
        var flow = (await _sink.NextAsync()).Flow;

        await transport.DisposeAsync().AsTask().WaitAsync(Net.Limit);
        await transport.DisposeAsync().AsTask().WaitAsync(Net.Limit);

        Assert.That(await client.ReceiveAsync(), Is.Empty);
        Assert.That(await _sink.NextClosedAsync(), Is.SameAs(flow));
        Assert.That((flow.IsClosed, flow.TrySend("x"u8), transport.ConnectionCount), Is.EqualTo((true, false, 0)));
        Assert.That(transport.TryGetFlow(new IPEndPoint(address, 5060)), Is.Null);
        var options = new SipListenerOptions { Protocol = SipTransportProtocol.Tcp, EndPoint = transport.LocalEndPoint };
        await using var next = new TcpSipTransport(options, SipLimits.Default, TimeProvider.System, NullLogger.Instance);
        Assert.That(async () => await next.StartAsync(_sink, CancellationToken.None), Throws.Nothing);
    }

    [Test]
    public async Task Dispose_WaitsForTheSink()
    {
        var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        _sink.Inside = () =>
        {
            entered.Set();
            leave.Wait(Net.Limit);
        };
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("one"));
        Assert.That(entered.Wait(Net.Limit), Is.True);

        var stop = Task.Run(async () => await transport.DisposeAsync());
        await _sink.NextClosedAsync();
        var before = _sink.Calls;
        leave.Set();
        await stop.WaitAsync(Net.Limit);
        var calls = _sink.Calls;

        Assert.That(before, Is.EqualTo(1), "the message was still being told");
        Assert.That(calls, Is.EqualTo(2), "told before the stop was over");
    }

    [Test]
    public async Task Dispose_WhileClientsConnect_LeavesNoConnectionOpen()
    {
        for (var round = 0; round < 20; round++)
        {
            var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
            var clients = Enumerable.Range(0, 20).Select(_ => ConnectAsync(transport.LocalEndPoint)).ToArray();
            await transport.DisposeAsync().AsTask().WaitAsync(Net.Limit);

            foreach (var client in await Task.WhenAll(clients))
            {
                if (client is not null)
                    Assert.That(await client.ReceiveAsync(), Is.Empty);
                client?.Dispose();
            }

            Assert.That(transport.ConnectionCount, Is.Zero);
        }
    }

    [Test]
    public async Task Start_PortInUse_Throws()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        var options = new SipListenerOptions { Protocol = SipTransportProtocol.Tcp, EndPoint = transport.LocalEndPoint };
        await using var second = new TcpSipTransport(options, SipLimits.Default, TimeProvider.System, NullLogger.Instance);

        Assert.That(async () => await second.StartAsync(_sink, CancellationToken.None), Throws.InstanceOf<SocketException>());
    }

    private static async Task<Socket?> ConnectAsync(IPEndPoint server)
    {
        try
        {
            return await Net.TcpClientAsync(server);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
