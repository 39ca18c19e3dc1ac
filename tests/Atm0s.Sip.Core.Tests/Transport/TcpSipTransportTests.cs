using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Transport;

[TestFixture]
[Property("rfc", "3261 §18")]
public class TcpSipTransportTests
{
    private RecordingSink _sink = new();

    [SetUp]
    public void NewSink() => _sink = new RecordingSink();

    [Test]
    public async Task Accept_MessageInPieces_ThenAnswer([ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        await using var transport = await Net.TcpAsync(_sink, address);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        foreach (var octet in Net.Message("one"))
            await client.SendAsync(new[] { octet });

        var received = await _sink.NextAsync();

        Assert.That((received.CallId, received.Source), Is.EqualTo(("one", (IPEndPoint)client.LocalEndPoint!)));
        Assert.That(received.Flow.LocalEndPoint, Is.EqualTo(transport.LocalEndPoint));
        Assert.That(received.Flow.IsReliable, Is.True);
        Assert.That(transport.ConnectionCount, Is.EqualTo(1));
        Assert.That(received.Flow.TrySend("answer"u8), Is.True);
        Assert.That(await client.ReceiveAsync(), Is.EqualTo("answer"));
    }

    [Test]
    public async Task Accept_ManyMessagesInOnePiece_OneFlow()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Enumerable.Range(0, 200).SelectMany(i => Net.Message($"m{i}")).ToArray());

        var flows = new HashSet<SipFlow>();
        for (var i = 0; i < 200; i++)
        {
            var received = await _sink.NextAsync();
            Assert.That(received.CallId, Is.EqualTo($"m{i}"));
            flows.Add(received.Flow);
        }

        Assert.That(flows, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task TryGetFlow_Twice_IsOneConnectionThatCarriesBothWays(
        [ValueSource(typeof(Net), nameof(Net.Loopbacks))] IPAddress address)
    {
        var back = new RecordingSink();
        await using var first = await Net.TcpAsync(back, address);
        await using var second = await Net.TcpAsync(_sink, address);
        var flow = first.TryGetFlow(second.LocalEndPoint)!;

        Assert.That(flow.TrySend(Net.Message("early").AsSpan(0, 50)), Is.True, "what is sent meanwhile waits");
        Assert.That(flow.TrySend(Net.Message("early").AsSpan(50)), Is.True);
        Assert.That(first.TryGetFlow(second.LocalEndPoint), Is.SameAs(flow));
        var received = await _sink.NextAsync();
        Assert.That(received.Flow.TrySend(Net.Message("back")), Is.True);
        Assert.That((await back.NextAsync()).Flow, Is.SameAs(flow));
        Assert.That(second.TryGetFlow(received.Flow.RemoteEndPoint), Is.SameAs(received.Flow), "the way it came");
        Assert.That((first.ConnectionCount, second.ConnectionCount), Is.EqualTo((1, 1)));
        Assert.That(flow.LocalEndPoint, Is.EqualTo(first.LocalEndPoint));
    }

    [Test]
    public async Task TryGetFlow_OtherFamily_IsNull()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);

        Assert.That(transport.TryGetFlow(new IPEndPoint(IPAddress.IPv6Loopback, 5060)), Is.Null);
    }

    [Test]
    public async Task TryGetFlow_NobodyListens_IsToldClosedOnce()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));     // bound, but not listening
        var flow = transport.TryGetFlow((IPEndPoint)silent.LocalEndPoint!)!;

        Assert.That(await _sink.NextClosedAsync(), Is.SameAs(flow));
        Assert.That((flow.IsClosed, flow.TrySend("x"u8), transport.ConnectionCount, _sink.ClosedWaiting), Is.EqualTo((true, false, 0, 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Close_ByThePeer_IsNoticed(bool reset)
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("one"));
        var flow = (await _sink.NextAsync()).Flow;
        if (reset)
            client.LingerState = new LingerOption(true, 0);
        client.Dispose();

        Assert.That(await _sink.NextClosedAsync(), Is.SameAs(flow));
        Assert.That((flow.IsClosed, flow.TrySend("x"u8), transport.ConnectionCount), Is.EqualTo((true, false, 0)));
    }

    [Test]
    [Property("rfc", "5626 §4.4.1")]
    public async Task Ping_IsAnsweredByPong()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);

        await client.SendAsync("\r\n\r\n"u8.ToArray());
        Assert.That(await client.ReceiveAsync(), Is.EqualTo("\r\n"));
        await client.SendAsync(Net.Message("after"));
        Assert.That((await _sink.NextAsync()).CallId, Is.EqualTo("after"));
        Assert.That(_sink.Calls, Is.EqualTo(1));
    }

    [TestCase("", "400", SipRefusal.MissingContentLength)]
    [TestCase("Content-Length: -1\r\n", "400", SipRefusal.BadContentLength)]
    [TestCase("Content-Length: 1\r\nl: 2\r\n", "400", SipRefusal.ContentLengthConflict)]
    [TestCase("Content-Length: 4294967295\r\n", "513", SipRefusal.TooLarge)]
    public async Task Receive_LengthThatCannotBeFollowed_IsAnsweredCountedAndClosed(string header, string status, SipRefusal expected)
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("bad", header));

        Assert.That(await client.ReceiveToEndAsync(), Does.StartWith($"SIP/2.0 {status} ").And.Contain("Call-ID: bad"));
        Assert.That((await _sink.NextRefusalAsync()).Refusal, Is.EqualTo(expected));
        await _sink.NextClosedAsync();
        Assert.That(_sink.MessagesWaiting, Is.Zero);
    }

    [Test]
    public async Task Receive_Junk_IsCountedAndClosed()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());

        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That((await _sink.NextRefusalAsync()).Refusal, Is.EqualTo(SipRefusal.MissingContentLength));
    }

    [Test]
    public async Task Send_MoreThanTheQueueHolds_IsRefusedNotBlocked()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("one"));
        var flow = (await _sink.NextAsync()).Flow;
        var large = new byte[60_000];

        var sent = 0;
        while (sent < 5000 && flow.TrySend(large))
            sent++;

        Assert.That(sent, Is.InRange(3, 4999));
        Assert.That(flow.IsClosed, Is.False, "it may read yet");
    }
}
