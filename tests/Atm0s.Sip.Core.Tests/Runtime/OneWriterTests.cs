using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Tests.Transport;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>A shard has one writer, whoever runs it: several receiving threads, the pool, timers, and posts from everywhere.</summary>
public sealed class OneWriterTests
{
    private const int Clients = 12;
    private const int PerClient = 1000;
    private const int Window = 20;

    private readonly ConcurrentDictionary<string, uint> _last = [];
    private readonly int[] _inside = new int[4];
    private int _together;
    private int _disordered;
    private int _posted;

    [Test]
    public async Task ManyReceivers_NeverTwoAtOnce_AndTheOrderOfEachCallStays([Values(1, 3)] int threads, [Values] bool isPlain)
    {
        (_together, _disordered, _posted) = (0, 0, 0);
        _last.Clear();
        var transport = new UdpSipTransport(
            new SipListenerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), ReceiveThreads = threads },
            SipLimits.Default,
            NullLogger.Instance)
        {
            IsPlain = isPlain,
        };
        await using var stack = new TestStack(shards: 2, transports: transport) { OnRequest = OnRequest };
        await stack.Stack.StartAsync(CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var posting = OnThread(() => PostFromOutside(stack, stop.Token));

        var clients = Enumerable.Range(0, Clients).Select(i => OnThread(() => Talk($"call-{i}", transport.LocalEndPoint))).ToArray();
        var answers = await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        var posts = await posting;
        await Net.UntilAsync(() => Volatile.Read(ref _posted) == posts);

        Assert.That(answers, Is.All.EqualTo(PerClient));
        Assert.That((_together, _disordered), Is.EqualTo((0, 0)));
        Assert.That(_last.Values, Is.All.EqualTo((uint)PerClient));
    }

    // Not one of the pool, which has others to run.
    private static Task<int> OnThread(Func<int> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void OnRequest(SipShard shard, SipFlow flow, SipMessage request)
    {
        Enter(shard);
        var callId = Encoding.ASCII.GetString(request.CallId);
        if (_last.GetValueOrDefault(callId) != request.CSeqNumber - 1)
            Interlocked.Increment(ref _disordered);
        _last[callId] = request.CSeqNumber;
        // To itself and to the other one, as a transfer does.
        Interlocked.Add(ref _posted, -2);
        shard.Post(CountPost);
        shard.Stack.Shards[1 - shard.Index].Post(CountPost);
        new SipTimer(shard, owner =>
        {
            Enter(owner);
            Leave(owner);
        }).Set(TimeSpan.FromMilliseconds(request.CSeqNumber % 30));
        SipShard.RespondStateless(flow, request, SipResponseWriter.Create(request, 200, null, "tag"));
        Leave(shard);
    }

    private void CountPost(SipShard shard)
    {
        Enter(shard);
        Interlocked.Increment(ref _posted);
        Leave(shard);
    }

    private void Enter(SipShard shard)
    {
        if (Interlocked.Increment(ref _inside[shard.Index]) != 1)
            Interlocked.Increment(ref _together);
    }

    private void Leave(SipShard shard) => Interlocked.Decrement(ref _inside[shard.Index]);

    private int PostFromOutside(TestStack stack, CancellationToken stop)
    {
        var posts = 0;
        while (!stop.IsCancellationRequested)
        {
            stack[posts % 2].Post(CountPost);
            posts++;
            SpinWait.SpinUntil(() => posts - Volatile.Read(ref _posted) < 1000 || stop.IsCancellationRequested);
        }

        return posts;
    }

    // Some at a time, so that nothing is lost on the way.
    private static int Talk(string callId, IPEndPoint server)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveTimeout = (int)Net.Limit.TotalMilliseconds,
        };
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var buffer = new byte[4096];
        var answers = 0;
        for (var sent = 0; sent < PerClient;)
        {
            for (var i = 0; i < Window; i++)
                client.SendTo(Request(callId, ++sent), server);
            for (var i = 0; i < Window; i++)
            {
                client.Receive(buffer);
                answers++;
            }
        }

        return answers;
    }

    private static byte[] Request(string callId, int cseq) => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{callId}-{cseq};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:b@127.0.0.1>;tag=1\r\nTo: <sip:a@127.0.0.1>\r\n"
        + $"Call-ID: {callId}\r\nCSeq: {cseq} OPTIONS\r\nContent-Length: 0\r\n\r\n");
}
