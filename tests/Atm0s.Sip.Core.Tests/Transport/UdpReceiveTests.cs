using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>The receiving thread: batches, turns, errors, stops. The same with recvmmsg and without.</summary>
[TestFixture(false)]
[TestFixture(true)]
public class UdpReceiveTests(bool isPlain)
{
    private RecordingSink _sink = new();

    [SetUp]
    public void NewSink() => _sink = new RecordingSink();

    [Test]
    public async Task Batch_KeepsTheOrder([ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        await using var transport = await Net.UdpAsync(_sink, address, isPlain: isPlain);
        using var client = Net.UdpClient(address);
        using var gate = HoldFirst();
        for (var i = 0; i < 300; i++)
            client.SendTo(Net.Message($"m{i}"), transport.LocalEndPoint);
        gate.Set();

        for (var i = 0; i < 300; i++)
            Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo($"m{i}"));
    }

    [Test]
    public async Task Batch_MixedWithNoise_LosesNoMessage()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, new SipLimits { MaxMessageSize = 1024 }, isPlain);
        using var client = Net.UdpClient(IPAddress.Loopback);
        using var gate = HoldFirst();
        for (var i = 0; i < 20; i++)
        {
            client.SendTo(Net.Message($"m{i}"), transport.LocalEndPoint);
            client.SendTo([], transport.LocalEndPoint);
            client.SendTo(new byte[60_000 + i], transport.LocalEndPoint);
            client.SendTo([0, 1, 2, 3, 4, 5], transport.LocalEndPoint);
        }

        gate.Set();
        for (var i = 0; i < 20; i++)
        {
            Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo($"m{i}"));
            // Cut off or not: its whole length is told.
            Assert.That(await _sink.NextRefusalAsync(), Is.EqualTo((SipRefusal.TooLarge, 60_000 + i)));
            Assert.That(await _sink.NextRefusalAsync(), Is.EqualTo((SipRefusal.Binary, 6)));
        }
    }

    [Test]
    public async Task Source_HasOneFlow([ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        await using var transport = await Net.UdpAsync(_sink, address, isPlain: isPlain);
        using var one = Net.UdpClient(address);
        using var other = Net.UdpClient(address);
        foreach (var client in new[] { one, other, one })
            client.SendTo(Net.Message("x"), transport.LocalEndPoint);
        var (a, b, again) = (await _sink.NextAsync(), await _sink.NextAsync(), await _sink.NextAsync());

        Assert.That(again.Flow, Is.SameAs(a.Flow));
        Assert.That(b.Flow, Is.Not.EqualTo(a.Flow));
        Assert.That(a.Flow, Is.EqualTo(transport.TryGetFlow((IPEndPoint)one.LocalEndPoint!)));
    }

    [Test]
    public async Task SinkThatThrows_WithALogThatThrowsToo_TakesNothingWithIt()
    {
        var log = new ListLog { Throws = true };
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain, log: log);
        using var client = Net.UdpClient(IPAddress.Loopback);
        for (var i = 0; i < 3; i++)
        {
            _sink.Inside = static () => throw new InvalidOperationException("broken");
            client.SendTo(Net.Message("bad"), transport.LocalEndPoint);
            await Net.UntilAsync(() => log.CountOf(1021) == i + 1);
            _sink.Inside = null;
            client.SendTo(Net.Message("good"), transport.LocalEndPoint);
            Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("good"));
        }
    }

    [Test]
    public async Task SentInATurn_ComesInItsOrder([ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        var large = "SIP/2.0 " + new string('x', 8000);
        string[] sent = [.. Enumerable.Range(0, 150).Select(i => $"SIP/2.0 {i}"), large, "SIP/2.0 b", "BYE c", "SIP/2.0 d"];
        await using var transport = await Net.UdpAsync(_sink, address, isPlain: isPlain);
        using var client = Net.UdpClient(address);
        _sink.OnThread = flow =>
        {
            foreach (var text in sent)
                flow.TrySend(Encoding.ASCII.GetBytes(text));
        };
        client.SendTo(Net.Message("x"), transport.LocalEndPoint);

        foreach (var text in sent)
            Assert.That(await client.ReceiveAsync(), Is.EqualTo(text));
    }

    [Test]
    public async Task SentInATurn_OneThatFails_LosesNoOtherAndIsToldByTheNext([Values] bool logThrows)
    {
        await using var transport = await Net.UdpAsync(
            _sink, IPAddress.Loopback, isPlain: isPlain, log: new ListLog { Throws = logThrows });
        using var client = Net.UdpClient(IPAddress.Loopback);
        var nowhere = transport.TryGetFlow(new IPEndPoint(IPAddress.Loopback, 0))!;
        var verdicts = new List<bool>();
        _sink.OnThread = flow =>
        {
            foreach (var way in new[] { flow, nowhere, flow, nowhere, nowhere, flow })
                verdicts.Add(way.TrySend(Encoding.ASCII.GetBytes($"SIP/2.0 {verdicts.Count}")));
        };
        client.SendTo(Net.Message("x"), transport.LocalEndPoint);

        foreach (var text in new[] { "SIP/2.0 0", "SIP/2.0 2", "SIP/2.0 5" })
            Assert.That(await client.ReceiveAsync(), Is.EqualTo(text));
        Assert.That(verdicts, Is.All.True);
        await Net.UntilAsync(() => _sink.Unsent == 3);
        _sink.OnThread = _ => verdicts.Add(nowhere.TrySend("SIP/2.0 again"u8));
        client.SendTo(Net.Message("y"), transport.LocalEndPoint);
        await _sink.NextAsync();
        await _sink.NextAsync();
        Assert.That(verdicts[^1], Is.False);
    }

    [Test]
    [Property("rfc", "3261 §17.1.4")]
    public async Task RequestSentInATurn_ThatFails_IsToldAtOnce()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        using var client = Net.UdpClient(IPAddress.Loopback);
        var verdict = true;
        _sink.OnThread = _ => verdict = transport.TryGetFlow(new IPEndPoint(IPAddress.Loopback, 0))!.TrySend("INVITE sip:x SIP/2.0"u8);
        client.SendTo(Net.Message("x"), transport.LocalEndPoint);
        await _sink.NextAsync();

        Assert.That(verdict, Is.False);
    }

    [Test]
    public async Task Send_WithoutATurn_TellsWhatFailed()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        var flow = transport.TryGetFlow(new IPEndPoint(IPAddress.Loopback, 5060))!;

        // A message that no datagram holds (EMSGSIZE), an address that is none (EINVAL), and one that is free.
        Assert.That(flow.TrySend(new byte[70_000]), Is.False);
        Assert.That(transport.TryGetFlow(new IPEndPoint(IPAddress.Loopback, 0))!.TrySend("SIP/2.0 x"u8), Is.False);
        Assert.That(flow.TrySend("SIP/2.0 x"u8), Is.True);
        Assert.That(_sink.Unsent, Is.EqualTo(2));
    }

    [Test]
    public async Task Stop_InTheMiddleOfAFlood_IsPromptAndTellsNothingMore([Values(1, 3)] int threads)
    {
        var transport = await Net.UdpAsync(
            _sink, IPAddress.Loopback, isPlain: isPlain, configure: options => options.ReceiveThreads = threads);
        using var stop = new CancellationTokenSource();
        var sent = 0L;
        var flood = Task.Run(() =>
        {
            using var client = Net.UdpClient(IPAddress.Loopback);
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref sent))
                client.SendTo(Net.Message("flood"), transport.LocalEndPoint);
        });
        await _sink.NextAsync();

        await transport.DisposeAsync().AsTask().WaitAsync(Net.Limit);
        var calls = _sink.Calls;
        var sentBefore = Interlocked.Read(ref sent);
        await Net.UntilAsync(() => flood.IsCompleted || Interlocked.Read(ref sent) > sentBefore + 100);
        await stop.CancelAsync();
        await flood;
        Assert.That(_sink.Calls, Is.EqualTo(calls));
    }

    [Test]
    public async Task Stop_OfIdleListeners_WaitsForNoTimeout()
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            var transport = await Net.UdpAsync(_sink, i % 2 == 0 ? IPAddress.Loopback : IPAddress.Any, isPlain: isPlain);
            await transport.DisposeAsync();
        }

        // By time-outs it would be ten seconds.
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    [Platform("Linux")]
    public async Task ReceiveThreads_ShareThePortAndTheWork()
    {
        var threads = new HashSet<int>();
        _sink.Inside = () =>
        {
            lock (threads)
                threads.Add(Environment.CurrentManagedThreadId);
        };
        await using var transport = await Net.UdpAsync(
            _sink, IPAddress.Loopback, isPlain: isPlain, configure: options => options.ReceiveThreads = 4);
        Socket[] clients = [.. Enumerable.Range(0, 64).Select(_ => Net.UdpClient(IPAddress.Loopback))];
        foreach (var client in clients)
            client.SendTo(Net.Message("x"), transport.LocalEndPoint);
        foreach (var _ in clients)
            (await _sink.NextAsync()).Flow.TrySend("answer"u8);

        foreach (var client in clients)
        {
            var buffer = new byte[100];
            var from = await client.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0)).WaitAsync(Net.Limit);
            Assert.That(from.RemoteEndPoint, Is.EqualTo(transport.LocalEndPoint));
            client.Dispose();
        }

        Assert.That(threads, Has.Count.GreaterThan(1));
    }

    [Test]
    public async Task ReceiveThreads_PortOfSomebodyElse_IsRefused([Values(1, 2)] int others, [Values(1, 2)] int mine)
    {
        await using var transport = await Net.UdpAsync(
            _sink, IPAddress.Loopback, isPlain: isPlain, configure: options => options.ReceiveThreads = others);
        await using var second = new UdpSipTransport(
            new SipListenerOptions { EndPoint = transport.LocalEndPoint, ReceiveThreads = mine }, SipLimits.Default, NullLogger.Instance);

        Assert.That(async () => await second.StartAsync(_sink, CancellationToken.None), Throws.InstanceOf<SocketException>());
    }

    [Test]
    [Platform("Linux")]
    public async Task ReceiveBuffer_ThatIsFull_IsCountedAndLoggedOnce()
    {
        const int sent = 2000;
        var log = new ListLog();
        await using var transport = await Net.UdpAsync(
            _sink, IPAddress.Loopback, isPlain: isPlain, configure: options => options.ReceiveBufferSize = 4096, log: log);
        using var client = Net.UdpClient(IPAddress.Loopback);
        using var gate = HoldFirst();
        for (var i = 0; i < sent; i++)
            client.SendTo(Net.Message("x"), transport.LocalEndPoint);
        gate.Set();

        await Net.UntilAsync(() => _sink.Overflow + _sink.MessagesWaiting == sent);
        Assert.That(_sink.Overflow, Is.GreaterThan(sent / 2));
        await Net.UntilAsync(() => log.CountOf(1023) == 1);
        Assert.That(log.Lines.Single(line => line.Id == 1023).Level, Is.EqualTo(LogLevel.Warning));
    }

    [Test]
    [Platform("Linux")]
    public async Task ReceiveBuffer_ThatIsNotGiven_IsTold()
    {
        var log = new ListLog();
        await using var transport = await Net.UdpAsync(
            _sink, IPAddress.Loopback, isPlain: isPlain, configure: options => options.ReceiveBufferSize = 1 << 30, log: log);

        Assert.That(log.Lines.Single().Text, Does.Contain("net.core.rmem_max").And.Contain(transport.LocalEndPoint.ToString()));
    }

    [Test]
    public async Task Turn_IsOpenWhileTheSinkIsCalled_AndOnlyThen()
    {
        ShardTurn? seen = null;
        _sink.OnThread = _ => seen = ShardTurn.Current;
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        using var client = Net.UdpClient(IPAddress.Loopback);
        client.SendTo(Net.Message("x"), transport.LocalEndPoint);
        await _sink.NextAsync();

        Assert.That(seen, Is.Not.Null);
        Assert.That(ShardTurn.Current, Is.Null);
        await Net.UntilAsync(() => seen!.Owner is null);
    }

    // The first message that comes waits for the gate, and the rest in the kernel.
    private ManualResetEventSlim HoldFirst()
    {
        var gate = new ManualResetEventSlim();
        _sink.Inside = () =>
        {
            gate.Wait(Net.Limit);
            _sink.Inside = null;
        };
        return gate;
    }
}
