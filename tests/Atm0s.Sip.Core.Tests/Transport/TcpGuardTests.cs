using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>What a sink, a log or anything unforeseen throws ends neither a connection's work nor the listener.</summary>
public sealed class TcpGuardTests
{
    private readonly FailingClock _clock = new();
    private readonly ListLog _log = new();
    private RecordingSink _sink = new();
    private TcpSipTransport _transport = null!;

    [SetUp]
    public async Task SetUp()
    {
        _clock.Fails = false;
        _log.Throws = false;
        _log.Lines.Clear();
        _sink = new RecordingSink();
        var options = new SipListenerOptions { Protocol = SipTransportProtocol.Tcp, EndPoint = new IPEndPoint(IPAddress.Loopback, 0) };
        _transport = new TcpSipTransport(options, SipLimits.Default, _clock, _log);
        await _transport.StartAsync(_sink, CancellationToken.None);
    }

    [TearDown]
    public async Task TearDown() => await _transport.DisposeAsync();

    [Test]
    public async Task ClosedByTheTimer_SinkAndLogThrow_TheTimerAndTheStopGoOn()
    {
        using var client = await Net.TcpClientAsync(_transport.LocalEndPoint);
        await Net.UntilAsync(() => _transport.ConnectionCount == 1);
        _sink.InsideClosed = () => throw new InvalidOperationException("The sink is broken.");
        _log.Throws = true;

        Assert.That(() => _clock.Advance(TimeSpan.FromSeconds(31)), Throws.Nothing);

        Assert.That(await client.ReceiveAsync(), Is.Empty);
        Assert.That(_transport.ConnectionCount, Is.Zero);
        Assert.That(_log.CountOf(1008), Is.GreaterThan(0));
        await _transport.DisposeAsync().AsTask().WaitAsync(UdpSipTransport.StopTimeout / 2);
    }

    [Test]
    public async Task Connect_NobodyThere_LogThrows_IsToldClosedAndTheStopEnds()
    {
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _log.Throws = true;

        var flow = _transport.TryGetFlow((IPEndPoint)nobody.LocalEndPoint!)!;

        Assert.That(await _sink.NextClosedAsync(), Is.SameAs(flow));
        Assert.That(_log.Lines.Single(line => line.Id == 1006).Level, Is.EqualTo(LogLevel.Debug));
        await _transport.DisposeAsync().AsTask().WaitAsync(UdpSipTransport.StopTimeout / 2);
        Assert.That(_log.CountOf(1009), Is.Zero);
    }

    [Test]
    public async Task Accept_SomethingUnforeseenIsThrown_GoesOnAfterAPause()
    {
        _clock.Fails = true;
        using var first = await Net.TcpClientAsync(_transport.LocalEndPoint);
        await Net.UntilAsync(() => _log.CountOf(1007) == 1);
        Assert.That(await first.ReceiveAsync(), Is.Empty);
        _clock.Fails = false;

        using var second = await Net.TcpClientAsync(_transport.LocalEndPoint);
        await Net.UntilAsync(() =>
        {
            _clock.Advance(AcceptPause.Longest / 10);
            return _transport.ConnectionCount == 1;
        });
        await second.SendAsync(Net.Message("second"));

        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("second"));
    }

    [Test]
    public async Task Dispose_SinkDoesNotComeBack_IsNotWaitedForForEver()
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        _sink.Inside = () =>
        {
            entered.Set();
            leave.Wait(2 * Net.Limit);
        };
        using var client = await Net.TcpClientAsync(_transport.LocalEndPoint);
        await client.SendAsync(Net.Message("one"));
        Assert.That(entered.Wait(Net.Limit), Is.True);

        await _transport.DisposeAsync().AsTask().WaitAsync(Net.Limit);

        Assert.That(_log.CountOf(1009), Is.EqualTo(1));
        leave.Set();
        await _sink.NextAsync();
    }

    private sealed class FailingClock : FakeTimeProvider
    {
        public volatile bool Fails;

        public override long GetTimestamp() => Fails ? throw new InvalidOperationException("The clock is broken.") : base.GetTimestamp();
    }
}
