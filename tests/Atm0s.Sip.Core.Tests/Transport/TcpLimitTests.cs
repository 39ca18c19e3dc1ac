using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport;

[TestFixture]
[Property("threat", "S5, P4")]
public class TcpLimitTests
{
    private RecordingSink _sink = new();
    private FakeTimeProvider _clock = new();

    [SetUp]
    public void NewSink()
    {
        _sink = new RecordingSink();
        _clock = new FakeTimeProvider();
    }

    [TestCase(2, 100)]
    [TestCase(100, 2)]
    public async Task Accept_BeyondTheLimit_IsClosedAndRoomIsMadeAgain(int perAddress, int inAll)
    {
        await using var transport = await Net.TcpAsync(
            _sink, IPAddress.Loopback, null, o => (o.MaxConnectionsPerAddress, o.MaxConnections) = (perAddress, inAll));
        using var first = await ServedAsync(transport.LocalEndPoint, "first");
        using var second = await ServedAsync(transport.LocalEndPoint, "second");
        using var third = await Net.TcpClientAsync(transport.LocalEndPoint);

        Assert.That(await third.ReceiveAsync(), Is.Empty, "closed by the server");
        Assert.That(transport.ConnectionCount, Is.EqualTo(2));
        first.Dispose();
        await _sink.NextClosedAsync();

        // The place is free a moment after the connection is told closed.
        using var limit = new CancellationTokenSource(Net.Limit);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var fourth = await Net.TcpClientAsync(transport.LocalEndPoint);
            await fourth.SendAsync("\r\n\r\n"u8.ToArray());
            if ((await fourth.ReceiveAsync()).Length > 0)
                break;
        }
    }

    [Test]
    public async Task Idle_IsClosedAfterTheTime()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback, _clock);
        using var client = await ServedAsync(transport.LocalEndPoint, "one");

        Assert.That(await AdvanceUntilClosedAsync(TimeSpan.FromMinutes(1)), Is.InRange(10, 11));
        Assert.That(await client.ReceiveAsync(), Is.Empty);
    }

    [Test]
    public async Task IdleThatSomebodyDependsOn_IsKept_UntilNobodyDoes()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback, _clock);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("one"));
        var flow = (await _sink.NextAsync()).Flow;
        flow.Hold();
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(11));
            // What comes after shows that it still reads.
            await client.SendAsync(Net.Message("more"));
            await _sink.NextAsync();
        }

        Assert.That(_sink.ClosedWaiting, Is.Zero);
        flow.Release();
        Assert.That(await AdvanceUntilClosedAsync(TimeSpan.FromMinutes(1)), Is.InRange(9, 11));
    }

    [Test]
    public async Task SilentFromTheBeginning_IsClosedSoon()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback, _clock);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        Assert.That(await AdvanceUntilClosedAsync(TimeSpan.FromSeconds(1)), Is.InRange(30, 100));
    }

    [Test]
    public async Task HalfAMessage_IsClosedAfterTheTime()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback, _clock, o => o.IdleTimeout = TimeSpan.FromDays(1));
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync((byte[])[.. Net.Message("one"), .. Net.Message("two")[..40]]);
        await _sink.NextAsync();

        Assert.That(await AdvanceUntilClosedAsync(TimeSpan.FromSeconds(1)), Is.InRange(15, 100));
    }

    [Test]
    public async Task MessagesWithoutPause_EachHasItsOwnTime()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback, _clock);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        var message = Net.Message("m");
        await client.SendAsync(message.AsMemory(0, 40));

        for (var i = 0; i < 10; i++)
        {
            await client.SendAsync((byte[])[.. message[40..], .. message[..40]]);
            await _sink.NextAsync();
            // Twice this is less than the limit: the receiver may still be about to set its time when the clock moves.
            _clock.Advance(TimeSpan.FromSeconds(7));
        }

        await client.SendAsync(message.AsMemory(40));
        await _sink.NextAsync();
        Assert.That(_sink.ClosedWaiting, Is.Zero);
    }

    [Test]
    public async Task PeerThatClosesItsSideAndDoesNotRead_IsClosedAfterTheTime()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback, _clock);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("one"));
        var flow = (await _sink.NextAsync()).Flow;
        var large = new byte[60_000];
        for (var i = 0; i < 5000 && flow.TrySend(large); i++)
        {
        }

        client.Shutdown(SocketShutdown.Send);

        Assert.That(await AdvanceUntilClosedAsync(TimeSpan.FromSeconds(1)), Is.InRange(1, 500));
    }

    private async Task<Socket> ServedAsync(IPEndPoint server, string callId)
    {
        var client = await Net.TcpClientAsync(server);
        await client.SendAsync(Net.Message(callId));
        await _sink.NextAsync();
        return client;
    }

    /// <summary>Moves the clock step by step until the connection is told closed, and counts the steps.</summary>
    private async Task<int> AdvanceUntilClosedAsync(TimeSpan step)
    {
        var closed = _sink.NextClosedAsync();
        var steps = await Net.AdvanceUntilAsync(_clock, step, () => closed.IsCompleted);
        await closed;
        return steps;
    }
}
