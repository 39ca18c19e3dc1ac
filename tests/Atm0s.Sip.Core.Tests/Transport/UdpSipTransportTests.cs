using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Core.Tests.Transport;

[TestFixture(false)]
[TestFixture(true)]
[Property("rfc", "3261 §18")]
public class UdpSipTransportTests(bool isPlain)
{
    private RecordingSink _sink = new();

    [SetUp]
    public void NewSink() => _sink = new RecordingSink();

    [Test]
    public async Task Receive_ThenAnswer_GoesBackToTheSource([ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        await using var transport = await Net.UdpAsync(_sink, address, isPlain: isPlain);
        using var client = Net.UdpClient(address);
        client.SendTo(Net.Message("one"), transport.LocalEndPoint);

        var received = await _sink.NextAsync();

        Assert.That(received.CallId, Is.EqualTo("one"));
        Assert.That(received.Source, Is.EqualTo(client.LocalEndPoint));
        Assert.That(received.Flow.RemoteEndPoint, Is.EqualTo(client.LocalEndPoint));
        Assert.That(received.Flow.LocalEndPoint, Is.EqualTo(transport.LocalEndPoint));
        Assert.That((received.Flow.IsReliable, received.Flow.IsClosed), Is.EqualTo((false, false)));
        Assert.That(received.Flow.TrySend("answer"u8), Is.True);
        Assert.That(await client.ReceiveAsync(), Is.EqualTo("answer"));
    }

    [Test]
    public async Task TryGetFlow_ToAnotherListener_Sends([ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        await using var first = await Net.UdpAsync(new RecordingSink(), address, isPlain: isPlain);
        await using var second = await Net.UdpAsync(_sink, address, isPlain: isPlain);

        for (var i = 0; i < 20; i++)
        {
            Assert.That(first.TryGetFlow(second.LocalEndPoint)!.TrySend(Net.Message($"m{i}")), Is.True);
            var received = await _sink.NextAsync();
            Assert.That((received.CallId, received.Source), Is.EqualTo(($"m{i}", first.LocalEndPoint)));
        }
    }

    [Test]
    public async Task TryGetFlow_OtherFamily_IsNull()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);

        Assert.That(transport.TryGetFlow(new IPEndPoint(IPAddress.IPv6Loopback, 5060)), Is.Null);
    }

    [Test]
    public async Task Flows_ToTheSamePeer_AreEqual()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        await using var other = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        var peer = new IPEndPoint(IPAddress.Loopback, 5099);
        var flow = transport.TryGetFlow(peer)!;

        Assert.That(flow, Is.EqualTo(transport.TryGetFlow(new IPEndPoint(IPAddress.Loopback, 5099))));
        Assert.That(flow.GetHashCode(), Is.EqualTo(transport.TryGetFlow(peer)!.GetHashCode()));
        Assert.That(flow, Is.Not.EqualTo(other.TryGetFlow(peer)));
        Assert.That(flow.To(new IPEndPoint(IPAddress.Loopback, 5060)), Is.Not.EqualTo(flow));
    }

    [Test]
    public async Task Listener_OnAnyAddress_NamesAConcreteOne()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Any, isPlain: isPlain);
        var flow = transport.TryGetFlow(new IPEndPoint(IPAddress.Loopback, 5099))!;

        Assert.That(flow.LocalEndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, transport.LocalEndPoint.Port)));
        Assert.That(flow.SentBy, Is.EqualTo($"127.0.0.1:{transport.LocalEndPoint.Port}"));
    }

    [Test]
    public async Task Receive_Oversized_IsRefusedAndCountedAndTheNextIsRead()
    {
        await using var transport = await Net.UdpAsync(
            _sink, IPAddress.Loopback, new SipLimits { MaxMessageSize = 1024 }, isPlain: isPlain);
        using var client = Net.UdpClient(IPAddress.Loopback);
        client.SendTo([.. Net.Message("large"), .. new byte[2000]], transport.LocalEndPoint);
        client.SendTo(Net.Message("small"), transport.LocalEndPoint);

        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("small"));
        Assert.That(await _sink.NextRefusalAsync(), Is.EqualTo((SipRefusal.TooLarge, 2000 + Net.Message("large").Length)));
        Assert.That(_sink.RefusalsWaiting, Is.Zero);
    }

    [Test]
    public async Task Receive_LargestDatagram_IsRead()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        using var client = Net.UdpClient(IPAddress.Loopback);
        var head = Net.Message("largest", "Content-Length: 60000\r\n");
        client.SendTo([.. head, .. Enumerable.Repeat((byte)'x', 65_507 - head.Length)], transport.LocalEndPoint);

        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("largest"));
    }

    [Test]
    [Property("rfc", "5626 §3.5.1")]
    public async Task Receive_KeepAlives_MeanNothing()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        using var client = Net.UdpClient(IPAddress.Loopback);
        foreach (var text in new[] { "\r\n\r\n", "\r\n", "" })
            client.SendTo(System.Text.Encoding.ASCII.GetBytes(text), transport.LocalEndPoint);
        client.SendTo(Net.Message("after"), transport.LocalEndPoint);

        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("after"));
        Assert.That(_sink.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Receive_Junk_IsCountedAndTheNextIsRead()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        using var client = Net.UdpClient(IPAddress.Loopback);
        var random = new Random(9);
        for (var i = 0; i < 100; i++)
        {
            var junk = new byte[random.Next(5, 300)];
            random.NextBytes(junk);
            junk[0] = 0;
            client.SendTo(junk, transport.LocalEndPoint);
            Assert.That(await _sink.NextRefusalAsync(), Is.EqualTo((SipRefusal.Binary, junk.Length)));
        }

        client.SendTo(Net.Message("after"), transport.LocalEndPoint);
        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("after"));
    }

    [Test]
    public async Task Send_ToAClosedPort_DoesNotDeafenTheListener()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        using var client = Net.UdpClient(IPAddress.Loopback);
        var gone = Net.UdpClient(IPAddress.Loopback);
        var closed = (IPEndPoint)gone.LocalEndPoint!;
        gone.Dispose();

        for (var i = 0; i < 5; i++)
            transport.TryGetFlow(closed)!.TrySend("x"u8);
        client.SendTo(Net.Message("after"), transport.LocalEndPoint);

        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("after"));
    }

    [Test]
    public async Task Dispose_FreesThePortAndTellsNothingMore([ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        var transport = await Net.UdpAsync(_sink, address, isPlain: isPlain);
        using var client = Net.UdpClient(address);
        client.SendTo(Net.Message("one"), transport.LocalEndPoint);
        var flow = (await _sink.NextAsync()).Flow;

        await transport.DisposeAsync().AsTask().WaitAsync(Net.Limit);
        await transport.DisposeAsync().AsTask().WaitAsync(Net.Limit);
        var calls = _sink.Calls;
        // Who binds the port now gets what comes: so the old one does not.
        using var next = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        next.Bind(transport.LocalEndPoint);
        client.SendTo("late"u8, transport.LocalEndPoint);

        Assert.That(await next.ReceiveAsync(), Is.EqualTo("late"));
        Assert.That(_sink.Calls, Is.EqualTo(calls));
        Assert.That(flow.TrySend("x"u8), Is.False);
    }

    [Test]
    public async Task Start_PortInUse_Throws()
    {
        await using var transport = await Net.UdpAsync(_sink, IPAddress.Loopback, isPlain: isPlain);
        await using var second = new UdpSipTransport(
            new SipListenerOptions { EndPoint = transport.LocalEndPoint }, SipLimits.Default, NullLogger.Instance);

        Assert.That(async () => await second.StartAsync(_sink, CancellationToken.None), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task Dispose_NeverStarted_DoesNothing()
    {
        var transport = new UdpSipTransport(new SipListenerOptions(), SipLimits.Default, NullLogger.Instance);

        Assert.That(async () => await transport.DisposeAsync(), Throws.Nothing);
        Assert.That(transport.TryGetFlow(new IPEndPoint(IPAddress.Loopback, 5060))!.TrySend("x"u8), Is.False);
        await Task.CompletedTask;
    }
}
