using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>Peers that close their side, and streams that cannot be followed any further.</summary>
[TestFixture]
[Property("rfc", "3261 §18.2.2, §18.3")]
public class TcpEndOfStreamTests
{
    private RecordingSink _sink = new();

    [SetUp]
    public void NewSink() => _sink = new RecordingSink();

    [Test]
    public async Task PeerClosesItsSide_AnswersStillDecidedGoOut_ThenItIsClosed()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync((byte[])[.. Net.Message("one"), .. Net.Message("two")]);
        client.Shutdown(SocketShutdown.Send);
        var flow = (await _sink.NextAsync()).Flow;
        await _sink.NextAsync();
        await _sink.NextClosedAsync();

        Assert.That(flow.IsClosed, Is.True, "nothing new is sent over it");
        Assert.That(flow.TrySend(Net.Message("request")), Is.False);
        Assert.That(flow.TrySend("SIP/2.0 100 Trying\r\n\r\n"u8), Is.False);
        Assert.That(flow.TrySend("SIP/2.0 401 First\r\n\r\n"u8), Is.True);
        Assert.That(flow.TrySend("SIP/2.0 200 Second\r\n\r\n"u8), Is.True);
        Assert.That(await client.ReceiveToEndAsync(), Is.EqualTo("SIP/2.0 401 First\r\n\r\nSIP/2.0 200 Second\r\n\r\n"));
        Assert.That(_sink.ClosedWaiting, Is.Zero, "told once");
    }

    [Test]
    public async Task PeerClosesItsSide_NobodyAnswers_IsClosedAfterTheTime()
    {
        var clock = new FakeTimeProvider();
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback, clock);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("one"));
        client.Shutdown(SocketShutdown.Send);
        var flow = (await _sink.NextAsync()).Flow;
        await _sink.NextClosedAsync();

        clock.Advance(TimeSpan.FromSeconds(16));

        Assert.That(await client.ReceiveToEndAsync(), Is.Empty);
        Assert.That(flow.TrySend("SIP/2.0 200 Late\r\n\r\n"u8), Is.False);
    }

    [Test]
    public async Task PeerClosesItsSide_MoreThanMayWait_AreClosedAtOnce()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback, null, o => o.MaxConnectionsPerAddress = 1000);
        var clients = new List<Socket>();
        for (var i = 0; i < 300; i++)
        {
            clients.Add(await Net.TcpClientAsync(transport.LocalEndPoint));
            await clients[i].SendAsync(Net.Message("m"));
            clients[i].Shutdown(SocketShutdown.Send);
            await _sink.NextAsync();
            await _sink.NextClosedAsync();
        }

        Assert.That(await clients[^1].ReceiveToEndAsync(), Is.Empty);
        Assert.That(transport.ConnectionCount, Is.Zero);
        clients.ForEach(client => client.Dispose());
    }

    // RFC 2543 knew no branch, and wanted no Content-Length.
    [Test]
    public async Task RequestWithoutContentLengthAndBranch_Is400_ThenClosed_WhateverFollows()
    {
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        var old = Encoding.ASCII.GetBytes(
            "INVITE sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1\r\nFrom: <sip:b@127.0.0.1>\r\nTo: <sip:a@127.0.0.1>\r\n"
            + "Call-ID: old\r\nCSeq: 1 INVITE\r\n\r\n");
        // What follows is not read by anybody, and must not cost the peer its answer.
        await client.SendAsync((byte[])[.. old, .. new byte[100_000]]);

        var answer = await client.ReceiveToEndAsync();

        Assert.That(answer, Does.StartWith("SIP/2.0 400 ").And.Contain("Call-ID: old"));
        Assert.That(answer, Does.Match("To: <sip:a@127.0.0.1>;tag=[0-9a-f]{8}\r\n"));
        await _sink.NextClosedAsync();
        client.Shutdown(SocketShutdown.Send);
    }

    [Test]
    public async Task BlankLinesAlone_AreNoSpeech()
    {
        var clock = new FakeTimeProvider();
        await using var transport = await Net.TcpAsync(_sink, IPAddress.Loopback, clock);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        var closed = _sink.NextClosedAsync();
        // A line before each second: were they speech, the time would begin anew.
        var steps = await Net.AdvanceUntilAsync(clock, TimeSpan.FromSeconds(1), () =>
        {
            if (!closed.IsCompleted)
                SendBlank(client);
            return closed.IsCompleted;
        });
        Assert.That((await closed).IsClosed, Is.True);
        Assert.That(steps, Is.InRange(29, 500), "not the 10 minutes of one that has spoken");
    }

    private static void SendBlank(Socket client)
    {
        try
        {
            client.Send("\n"u8);
        }
        catch (SocketException)
        {
            // It was closed this moment.
        }
    }
}
