using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>Peers that send requests and do not read the answers. Real sockets: the kernel takes what it takes.</summary>
[TestFixture]
[NonParallelizable]
[Property("threat", "S5")]
public class TcpSlowReaderTests
{
    private FakeTimeProvider _clock = new();

    [SetUp]
    public void NewClock() => _clock = new FakeTimeProvider();

    [Test]
    public async Task PeersThatDoNotRead_CostLittle_AndAreClosedWithAName()
    {
        var answering = new AnsweringSink();
        using var closed = new ClosedConnections();
        await using var transport = await Net.TcpAsync(answering, IPAddress.Loopback, _clock);
        var request = WithVias(56_000);
        var clients = new List<Socket>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 4; i++)
        {
            var client = await Net.TcpClientAsync(transport.LocalEndPoint);
            clients.Add(client);
            // Until not one more answer is taken.
            while (answering.Refusing <= i)
                await client.SendAsync(request).WaitAsync(Net.Limit);
        }

        var held = transport.Budget.Used;
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        await TestContext.Out.WriteLineAsync($"4 connections: {held} bytes wait, the heap grew by {grown}");
        // And what has come of the next request.
        Assert.That(held, Is.InRange(4 * 190_000, 4 * (256 + 64) * 1024));
        // Pooled arrays of other sizes are in it.
        Assert.That(grown, Is.LessThan(8_000_000));

        // The system may take a little more meanwhile, and then the time begins anew.
        Assert.That(
            await Net.AdvanceUntilAsync(_clock, TimeSpan.FromSeconds(1), () => transport.ConnectionCount == 0), Is.LessThan(1000));
        for (var i = 0; i < 4; i++)
            await closed.WaitForAsync("StalledSend");
        await Net.UntilAsync(() => transport.Budget.Used == 0);
        Assert.That(transport.ConnectionCount, Is.Zero);
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task PeerThatReadsSlowly_GetsAllInOrder()
    {
        var sink = new RecordingSink();
        await using var transport = await Net.TcpAsync(sink, IPAddress.Loopback, _clock);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        client.ReceiveBufferSize = 65_536;
        await client.SendAsync(Net.Message("one"));
        var flow = (await sink.NextAsync()).Flow;
        var expected = new MemoryStream();
        for (var i = 0; transport.Budget.Used < 200_000; i++)
        {
            var message = new byte[1000 + (i % 7000)];
            Array.Fill(message, (byte)i);
            if (flow.TrySend(message))
                expected.Write(message);
        }

        var received = new MemoryStream();
        var buffer = new byte[9000];
        async Task ReadUntilAsync(Func<bool> isEnough)
        {
            while (!isEnough())
                received.Write(buffer, 0, await Net.Within(client.ReceiveAsync(buffer.AsMemory(), SocketFlags.None)));
        }

        // Twice this is more than the limit, but in between something was taken.
        _clock.Advance(TimeSpan.FromSeconds(10));
        var waiting = transport.Budget.Used;
        await ReadUntilAsync(() => transport.Budget.Used < waiting - 20_000);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await ReadUntilAsync(() => received.Length == expected.Length);

        Assert.That(received.ToArray().AsSpan().SequenceEqual(expected.ToArray()), Is.True);
        await Net.UntilAsync(() => transport.Budget.Used == 0);
        Assert.That(flow.IsClosed, Is.False);
        Assert.That(flow.TrySend("after"u8), Is.True);
        Assert.That(await client.ReceiveAsync(), Is.EqualTo("after"));
    }

    [Test]
    public async Task AllTogether_AreBounded_AndWhoReadsIsServed()
    {
        var sink = new RecordingSink();
        await using var transport = await Net.TcpAsync(sink, IPAddress.Loopback, _clock, o => o.MaxBufferedBytes = 300_000);
        var flows = new List<SipFlow>();
        var clients = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            clients.Add(await Net.TcpClientAsync(transport.LocalEndPoint));
            await clients[i].SendAsync(Net.Message("m"));
            flows.Add((await sink.NextAsync()).Flow);
        }

        var large = new byte[20_000];
        foreach (var flow in flows.Take(2))
        {
            while (flow.TrySend(large))
            {
            }
        }

        Assert.That(transport.Budget.Used, Is.InRange(250_000, 300_000));
        Assert.That(flows[2].TrySend("served"u8), Is.True);
        Assert.That(await clients[2].ReceiveAsync(), Is.EqualTo("served"));
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task Send_AllocatesNothing()
    {
        var sink = new RecordingSink();
        await using var transport = await Net.TcpAsync(sink, IPAddress.Loopback);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        await client.SendAsync(Net.Message("one"));
        var flow = (await sink.NextAsync()).Flow;
        var message = new byte[500];
        flow.TrySend(message);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            flow.TrySend(message);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public async Task Receive_AllocatesNextToNothing()
    {
        const int Messages = 2000;
        var sink = new CountingSink();
        await using var transport = await Net.TcpAsync(sink, IPAddress.Loopback);
        using var client = await Net.TcpClientAsync(transport.LocalEndPoint);
        var message = Net.Message("m");
        async Task SendAsync(int count)
        {
            var until = sink.Count + count;
            for (var i = 0; i < count; i++)
                client.Send(message);
            await Net.UntilAsync(() => sink.Count >= until);
        }

        await SendAsync(Messages);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await SendAsync(Messages);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / Messages;

        await TestContext.Out.WriteLineAsync($"{each} bytes for a message");
        Assert.That(each, Is.LessThan(64));
    }

    private static byte[] WithVias(int bytes)
    {
        var text = new StringBuilder("OPTIONS sip:a@127.0.0.1 SIP/2.0\r\n");
        for (var i = 0; text.Length < bytes; i++)
            text.Append($"Via: SIP/2.0/TCP 192.0.2.{i % 250};branch=z9hG4bK{i}{new string('x', 300)}\r\n");
        return Encoding.ASCII.GetBytes(
            text + "Max-Forwards: 70\r\nFrom: <sip:b@127.0.0.1>;tag=1\r\nTo: <sip:a@127.0.0.1>\r\nCall-ID: vias\r\nCSeq: 1 OPTIONS\r\n"
            + "Content-Length: 0\r\n\r\n");
    }

    private sealed class CountingSink : ISipTransportSink
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void OnMessage(SipFlow flow, SipMessage message)
        {
            message.Dispose();
            Interlocked.Increment(ref _count);
        }

        public void OnRefused(SipRefusal refusal, int bytes)
        {
        }

        public void OnFlowClosed(SipFlow flow)
        {
        }
    }

    // Answers as the server does: with all Vias.
    private sealed class AnsweringSink : ISipTransportSink
    {
        private readonly ConcurrentDictionary<SipFlow, bool> _refusing = new();

        /// <summary>Connections that took not one more answer.</summary>
        public int Refusing => _refusing.Count;

        public void OnMessage(SipFlow flow, SipMessage message)
        {
            using (message)
            {
                if (!flow.TrySend(SipResponseWriter.Create(message, 200, null, "tag")))
                    _refusing[flow] = true;
            }
        }

        public void OnRefused(SipRefusal refusal, int bytes)
        {
        }

        public void OnFlowClosed(SipFlow flow)
        {
        }
    }
}
