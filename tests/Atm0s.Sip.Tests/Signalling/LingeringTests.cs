using System.Diagnostics.Metrics;
using System.Net;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Atm0s.Sip.Tests.Costs;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>What an answered transaction leaves behind (RFC 3261 §17.2, RFC 6026 §7.1): little, for its time, and within a bound.</summary>
[SingleThreaded]
[NonParallelizable]
public sealed class LingeringTests : ISipApplication
{
    private SilentFlow _flow = null!;
    private VirtualWorld _world = null!;
    private SipStack _stack = null!;
    private Action<SipShard, SipFlow, SipMessage> _answer = null!;

    private SipShard Shard => _stack.Shards[0];

    [SetUp]
    public void SetUp() => Start(new SipStackOptions { ShardCount = 1 });

    [TearDown]
    public async Task TearDown()
    {
        await _stack.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Test]
    public void Answered_TakesAKeyAndItsResponse([Values] bool throughAMachine)
    {
        const int count = 50_000;
        _answer = throughAMachine ? AnswerThroughExchange : AnswerAtOnce;
        Receive("REGISTER", 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 1; i <= count; i++)
            Receive("REGISTER", i);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;

        Assert.That(Shard.Transactions.Lingering.Count, Is.EqualTo(count + 1));
        Assert.That(Shard.Transactions.LiveCount, Is.Zero);
        TestContext.Out.WriteLine($"{each:F0} bytes, {_flow.Last.Length} of these its response");
        Assert.That(each, Is.LessThanOrEqualTo(300 + _flow.Last.Length));
        Assert.That(Shard.Transactions.Bytes / (double)(count + 1), Is.EqualTo(each).Within(100), "what it counts for is what it takes");
    }

    [Test]
    public void Accepted_TakesAKey()
    {
        const int count = 50_000;
        _answer = static (shard, flow, request) =>
        {
            var exchange = shard.Accept(flow, request, null)!;
            exchange.Respond(200, SipResponseWriter.Create(request, 200, null, exchange.LocalTag));
        };
        Receive("INVITE", 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 1; i <= count; i++)
            Receive("INVITE", i);
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;

        Assert.That(Shard.Transactions.Lingering.Count, Is.EqualTo(count + 1));
        TestContext.Out.WriteLine($"{each:F0} bytes");
        Assert.That(each, Is.LessThanOrEqualTo(300));
    }

    [Test]
    public async Task AnswerAtOnce_AllocatesNothing()
    {
        await TearDown();
        Start(new SipStackOptions { ShardCount = 1, MaxTransactions = 2000 });
        _answer = AnswerAtOnce;
        using var request = RequestBytes.Parse(_flow, "REGISTER", 0);
        // As many as there is room for: from then on one comes for each that goes.
        var number = 0;
        for (; Shard.Transactions.Evicted == 0; number++)
            Answer();
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 500; i++)
                Answer();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);

        void Answer()
        {
            RequestBytes.Renumber(request, number++);
            Shard.Dispatcher.OnRequest(_flow, request);
        }
    }

    [Test]
    public async Task AMillionRequests_StayWithinTheBound_AndNoneIsRefused()
    {
        await TearDown();
        Start(new SipStackOptions { ShardCount = 1, MaxTransactionBytes = 4 * 1024 * 1024 });
        _answer = AnswerAtOnce;
        using var request = RequestBytes.Parse(_flow, "REGISTER", 0);
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        SipResponseWriter.Begin(writer, request, 200, null, "t1");
        writer.End();
        var most = 0L;
        for (var i = 0; i < 1_000_000; i++)
        {
            // Another branch each time: the bytes of the request are changed where it stands.
            RequestBytes.Renumber(request, i);
            Shard.Respond(_flow, request, buffer.WrittenSpan);
            most = Math.Max(most, Shard.Transactions.Bytes);
        }

        Assert.That(most, Is.LessThanOrEqualTo(5 * 1024 * 1024), "a quarter more is for what is answered already");
        Assert.That(_flow.Count, Is.EqualTo(1_000_000));
        Assert.That(Shard.Transactions.Evicted, Is.GreaterThan(900_000));
        Assert.That(Shard.Transactions.IsFull, Is.False);
    }

    [Test]
    public void Repetition_GetsTheSameBytes_WhereItCameFrom_UntilTimerJ()
    {
        _answer = AnswerAtOnce;
        Receive("MESSAGE", 1);
        var first = _flow.Last.ToArray();
        var answered = 0;
        _answer = (_, _, _) => answered++;
        _world.Advance(TimeSpan.FromSeconds(31.9));

        var elsewhere = new SilentFlow("192.0.2.8");
        ((ISipTransportSink)_stack).OnMessage(elsewhere, RequestBytes.Parse(elsewhere, "MESSAGE", 1));
        _world.Scheduler.RunUntilIdle();
        Assert.That(elsewhere.Last.ToArray(), Is.EqualTo(first));
        Assert.That(answered, Is.Zero);

        Pass(TimeSpan.FromSeconds(0.3));
        Assert.That(Shard.Transactions.ServerCount, Is.Zero);
        Assert.That(Shard.Transactions.Bytes, Is.Zero);
        Assert.That(Shard.Merged.Count, Is.Zero);
        Assert.That(Shard.NextDeadline, Is.Null);
        Receive("MESSAGE", 1);
        Assert.That(answered, Is.EqualTo(1), "after its time a repetition is a new request");
    }

    [Test]
    [Property("rfc", "3261-17.2.2")]
    public void SecondAnswer_IsNotSent([Values] bool throughAMachine)
    {
        using var request = RequestBytes.Parse(_flow, "MESSAGE", 1);
        _answer = throughAMachine ? AnswerThroughExchange : AnswerAtOnce;
        Receive("MESSAGE", 1);

        Assert.That(Shard.Respond(_flow, request, SipResponseWriter.Create(request, 404, null, "t1")), Is.False);
        Assert.That(Shard.Accept(_flow, request, null), Is.Null);
        Assert.That((_flow.Count, Status()), Is.EqualTo((1, 200)));
    }

    // What is at work when there is no room, and what of a flood is then still asked.
    [TestCase("OPTIONS", 503)]
    [TestCase("INVITE", 503)]
    [TestCase("CANCEL", 481)]
    [TestCase("ACK", 0)]
    public async Task FullOfWork_RefusesAllocatingNothing(string method, int status)
    {
        await TearDown();
        Start(new SipStackOptions { ShardCount = 1, MaxTransactions = 100 });
        _answer = static (shard, flow, request) => shard.Accept(flow, request, null);
        for (var i = 0; i < 100; i++)
            Receive("MESSAGE", i);
        Assert.That(Shard.Transactions.LiveCount, Is.EqualTo(100));
        _answer = static (_, _, _) => Assert.Fail("refused before it is asked for");
        using var request = RequestBytes.Parse(_flow, method, 1_000);
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
                Shard.Dispatcher.OnRequest(_flow, request);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
        Assert.That(_flow.Count == 0 ? 0 : Status(), Is.EqualTo(status));
    }

    [Test]
    [Property("rfc", "3261-18.2.2")]
    public void Answer_WhoseConnectionHasClosed_GoesOverAnother_AndLeavesNothing()
    {
        var phone = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 5060);
        var source = new IPEndPoint(phone.Address, 40_001);
        var flow = _stack.TryGetFlow(SipTransportProtocol.Tcp, source)!;
        using var request = RequestBytes.Parse(flow, "MESSAGE", 1);
        _world.Network.BreakConnection(VirtualWorld.ServerEndPoint, source);
        Assert.That(flow.IsClosed, Is.True);

        Assert.That(Shard.Respond(flow, request, SipResponseWriter.Create(request, 202, null, "t1")), Is.True);
        Assert.That(_world.Network.Sent.Select(p => (p.Destination, p.StartLine)), Is.EqualTo(new[] { (phone, "SIP/2.0 202 Accepted") }));
        Assert.That(Shard.Transactions.ServerCount, Is.Zero, "nothing is repeated over a connection (RFC 3261 §17.2.2)");
    }

    [Test]
    public void Metrics_TellWhatIsThere()
    {
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name.StartsWith("atm0s.sip.transactions", StringComparison.Ordinal))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = instrument.Name + (tags.IsEmpty ? "" : "." + tags[0].Value);
            seen[name] = seen.GetValueOrDefault(name) + value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        var before = new Dictionary<string, long>(seen);
        seen.Clear();
        _answer = AnswerAtOnce;
        Receive("MESSAGE", 1);
        Receive("MESSAGE", 2);
        _answer = static (shard, flow, request) => shard.Accept(flow, request, null);
        Receive("MESSAGE", 3);
        listener.RecordObservableInstruments();

        Assert.That(seen["atm0s.sip.transactions.lingering"] - before["atm0s.sip.transactions.lingering"], Is.EqualTo(2));
        Assert.That(seen["atm0s.sip.transactions.server"] - before["atm0s.sip.transactions.server"], Is.EqualTo(1));
        Assert.That(seen["atm0s.sip.transactions.client"] - before["atm0s.sip.transactions.client"], Is.Zero);
        Assert.That(
            seen["atm0s.sip.transactions.bytes"] - before["atm0s.sip.transactions.bytes"], Is.EqualTo(Shard.Transactions.Bytes));
        Assert.That(seen["atm0s.sip.transactions.evicted"] - before["atm0s.sip.transactions.evicted"], Is.Zero);
    }

    [Test]
    public void Absorbed_RepetitionsAreDiscarded_UntilTheAnswer([Values] bool isKept)
    {
        var asked = 0;
        _answer = (shard, _, request) =>
        {
            asked++;
            shard.Absorb(request);
        };
        Receive("MESSAGE", 1);
        Receive("MESSAGE", 1);
        Receive("MESSAGE", 1, branch: "z9hG4bKother");
        Assert.That((asked, _flow.Count, Status()), Is.EqualTo((1, 1, 482)), "absorbed, and what came another way is merged");

        using var request = RequestBytes.Parse(_flow, "MESSAGE", 1);
        Shard.Post(shard =>
        {
            if (isKept)
                shard.Respond(_flow, request, SipResponseWriter.Create(request, 202, null, "t1"));
            else
                shard.RespondOnce(_flow, request, SipResponseWriter.Create(request, 202, null, "t1"));
        });
        _world.Scheduler.RunUntilIdle();
        Assert.That((_flow.Count, Shard.Transactions.ServerCount), Is.EqualTo((2, isKept ? 1 : 0)));
        Receive("MESSAGE", 1);
        Assert.That((asked, _flow.Count), Is.EqualTo(isKept ? (1, 3) : (2, 2)));
        Pass(TimeSpan.FromSeconds(33));
        Assert.That((Shard.Transactions.ServerCount, Shard.Transactions.Bytes, Shard.Merged.Count), Is.EqualTo((0, 0L, 0)));
    }

    [Test]
    [Property("rfc", "3261-8.2.2.2")]
    public void MergedCopy_OfWhatLingers_Is482([Values] bool throughAMachine)
    {
        _answer = throughAMachine ? AnswerThroughExchange : AnswerAtOnce;
        Receive("MESSAGE", 1);
        Receive("MESSAGE", 1, branch: "z9hG4bKother");
        Assert.That(Status(), Is.EqualTo(482));
        Pass(TimeSpan.FromSeconds(33));
        Receive("MESSAGE", 1, branch: "z9hG4bKother");
        Assert.That(Status(), Is.EqualTo(200));
    }

    [TestCase("INVITE", 200)]
    [TestCase("INVITE", 486)]
    [TestCase("MESSAGE", 200)]
    [Property("rfc", "3261-9.2")]
    public void Cancel_OfWhatIsAnswered_Is200WithItsTag_AndChangesNothing(string method, int status)
    {
        string? tag = null;
        _answer = (shard, flow, request) =>
        {
            var exchange = shard.Accept(flow, request, null)!;
            tag = exchange.LocalTag;
            exchange.Respond(status, SipResponseWriter.Create(request, status, null, tag));
        };
        Receive(method, 1);
        var sent = _flow.Count;
        Receive("CANCEL", 1);

        Assert.That(Status(), Is.EqualTo(200));
        Assert.That(System.Text.Encoding.UTF8.GetString(_flow.Last), Does.Contain($"To: <sip:alice@test.local>;tag={tag}\r\n"));
        Assert.That(_flow.Count, Is.EqualTo(sent + 1));
        Receive("CANCEL", 2);
        Assert.That(Status(), Is.EqualTo(481));
    }

    [Test]
    [Property("rfc", "3261-17.2.1")]
    public void Refused_OfADistrustedClient_LingersOnceNothingIsRepeated_UntilItsAck([Values] bool isAcknowledged)
    {
        _answer = (shard, flow, request) =>
        {
            var exchange = shard.Accept(flow, request, null)!;
            exchange.DistrustClient();
            exchange.Respond(180, SipResponseWriter.Create(request, 180, null, exchange.LocalTag));
            exchange.Respond(488, SipResponseWriter.Create(request, 488, null, exchange.LocalTag));
        };
        Receive("INVITE", 1);
        Assert.That(Shard.Transactions.LiveCount, Is.EqualTo(1));
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That((Shard.Transactions.LiveCount, Shard.Transactions.Lingering.Count), Is.EqualTo((0, 1)));
        var sent = _flow.Count;
        Receive("INVITE", 1);
        Assert.That((_flow.Count, Status()), Is.EqualTo((sent + 1, 488)));

        if (isAcknowledged)
        {
            Receive("ACK", 1);
            Receive("INVITE", 1);
            Receive("ACK", 1);
            Assert.That(_flow.Count, Is.EqualTo(sent + 1), "absorbed");
        }

        Assert.That(Shard.Transactions.ServerCount, Is.EqualTo(1));
        Pass(TimeSpan.FromSeconds(isAcknowledged ? 5.2 : 33));
        Assert.That(Shard.Transactions.ServerCount, Is.Zero);
    }

    // What is over ends in the shard's next turn, whatever that is for.
    private void Pass(TimeSpan time)
    {
        _world.Advance(time);
        Shard.Post(static _ => { });
        _world.Scheduler.RunUntilIdle();
    }

    void ISipApplication.OnRequest(SipShard shard, SipFlow flow, SipMessage request) => _answer(shard, flow, request);

    void ISipApplication.OnFlowClosed(SipFlow flow)
    {
    }

    private static void AnswerAtOnce(SipShard shard, SipFlow flow, SipMessage request)
    {
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        shard.Stack.StatelessTags.Begin(writer, request, 200, null);
        writer.End();
        shard.Respond(flow, request, buffer.WrittenSpan);
    }

    private static void AnswerThroughExchange(SipShard shard, SipFlow flow, SipMessage request)
    {
        var exchange = shard.Accept(flow, request, null)!;
        exchange.Respond(200, SipResponseWriter.Create(request, 200, null, exchange.LocalTag));
    }

    private void Start(SipStackOptions options)
    {
        _flow = new SilentFlow();
        _world = new VirtualWorld();
        var udp = new SipListenerOptions { EndPoint = VirtualWorld.ServerEndPoint };
        var tcp = new SipListenerOptions { EndPoint = VirtualWorld.ServerEndPoint, Protocol = SipTransportProtocol.Tcp };
        _stack = new SipStack(
            options,
            [_world.Network.CreateTransport(udp), _world.Network.CreateTransport(tcp)],
            this,
            new UasCapabilities(
                [SipMethod.Invite, SipMethod.Ack, SipMethod.Cancel, SipMethod.Register, SipMethod.Message], [], ["application/sdp"]),
            new SipClock(_world.Time),
            _world.Ids,
            _world.Scheduler,
            NullLogger.Instance);
        _world.Complete(_stack.StartAsync(CancellationToken.None));
    }

    private void Receive(string method, int number, string branch = "z9hG4bK")
    {
        ((ISipTransportSink)_stack).OnMessage(_flow, RequestBytes.Parse(_flow, method, number, branch: branch));
        _world.Scheduler.RunUntilIdle();
    }

    private int Status() => int.Parse(_flow.Last.Slice(8, 3), System.Globalization.CultureInfo.InvariantCulture);
}
