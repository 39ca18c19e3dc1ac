using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Tests.Transactions;
using Atm0s.Sip.Core.Tests.Transport;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>What a shard does when a connection, or a part of the stack, is gone.</summary>
public sealed class ConnectionLossTests
{
    private readonly QueueScheduler _pool = new();

    [Test]
    public async Task FlowClosed_ItsClientTransactionsFail_AndNoOthers()
    {
        await using var stack = new TestStack(shards: 1, scheduler: _pool);
        var (gone, other) = (new RecordingFlow(SipTransportProtocol.Tcp), new RecordingFlow(SipTransportProtocol.Tcp));
        var user = new Failures();
        stack[0].Post(shard =>
        {
            foreach (var (flow, branch) in new[] { (gone, "z9hG4bKa"), (gone, "z9hG4bKb"), (other, "z9hG4bKc") })
                shard.Send(flow, SipMethod.Options, branch, Msg.Bytes("OPTIONS", branch), user);
        });
        _pool.RunAll();

        ((ISipTransportSink)stack.Stack).OnFlowClosed(gone);
        _pool.RunAll();

        Assert.That(user.Flows, Is.EqualTo(new[] { gone, gone }));
        Assert.That(stack[0].Transactions.ClientCount, Is.EqualTo(1));
    }

    [Test]
    public async Task ReusedConnectionCloses_TheRequestGoesOnceMore_OverAnother()
    {
        await using var stack = new TestStack(shards: 1, scheduler: _pool);
        var flows = Enumerable.Range(0, 3).Select(_ => new RecordingFlow(SipTransportProtocol.Tcp)).ToArray();
        var user = new Failures { Ways = new Queue<SipFlow>(flows.Skip(1)) };
        stack[0].Post(shard => shard.Send(flows[0], SipMethod.Options, "z9hG4bKa", Msg.Bytes("OPTIONS", "z9hG4bKa"), user));
        _pool.RunAll();

        Close(stack, flows[0]);
        Assert.That((user.Flows.Count, flows[1].Sent.Count), Is.EqualTo((0, 1)));
        Assert.That(flows[1].Sent[0], Is.EqualTo(flows[0].Sent[0]), "the same branch");
        Close(stack, flows[0]);
        Assert.That(user.Flows, Is.Empty, "it goes over that one no more");

        Close(stack, flows[1]);
        Assert.That((user.Flows.Single(), flows[2].Sent.Count), Is.EqualTo(((SipFlow)flows[1], 0)), "RFC 3261 §8.1.3.1");
        Assert.That(stack[0].Transactions.ClientCount, Is.Zero);
    }

    [Test]
    public async Task ReusedConnectionTakesNothing_TheRequestGoesOverAnother()
    {
        await using var stack = new TestStack(shards: 1, scheduler: _pool);
        var (gone, other) = (new RecordingFlow(SipTransportProtocol.Tcp) { IsGone = true }, new RecordingFlow(SipTransportProtocol.Tcp));
        var user = new Failures { Ways = new Queue<SipFlow>([other]) };
        stack[0].Post(shard => shard.Send(gone, SipMethod.Options, "z9hG4bKa", Msg.Bytes("OPTIONS", "z9hG4bKa"), user));
        _pool.RunAll();
        Assert.That((user.Flows.Count, other.Sent.Count), Is.EqualTo((0, 1)));
        ((ISipTransportSink)stack.Stack).OnMessage(other, Msg.Response(200, "OPTIONS", branch: "z9hG4bKa"));
        _pool.RunAll();
        Assert.That(user.Answers, Is.EqualTo(new[] { other }));
    }

    [TestCase(true, 0, Description = "it was answered: the peer has it")]
    [TestCase(false, 1)]
    public async Task ReusedConnectionCloses_AfterAProvisionalResponse_TheRequestHasFailed(bool isAnswered, int repeated)
    {
        await using var stack = new TestStack(shards: 1, scheduler: _pool);
        var (gone, other) = (new RecordingFlow(SipTransportProtocol.Tcp), new RecordingFlow(SipTransportProtocol.Tcp));
        var user = new Failures { Ways = new Queue<SipFlow>([other]) };
        stack[0].Post(shard => shard.Send(gone, SipMethod.Invite, "z9hG4bKa", Msg.Bytes("INVITE", "z9hG4bKa"), user));
        _pool.RunAll();
        if (isAnswered)
            ((ISipTransportSink)stack.Stack).OnMessage(gone, Msg.Response(180, branch: "z9hG4bKa"));
        Close(stack, gone);
        Assert.That((other.Sent.Count, user.Flows.Count), Is.EqualTo((repeated, 1 - repeated)));
    }

    [Test]
    public async Task ConnectionThatWasBeingOpened_IsNotOpenedAgain()
    {
        await using var stack = new TestStack(shards: 1, scheduler: _pool);
        var opening = new RecordingFlow(SipTransportProtocol.Tcp) { IsBeingOpened = true };
        var user = new Failures { Ways = new Queue<SipFlow>([new RecordingFlow(SipTransportProtocol.Tcp)]) };
        stack[0].Post(shard => shard.Send(opening, SipMethod.Options, "z9hG4bKa", Msg.Bytes("OPTIONS", "z9hG4bKa"), user));
        _pool.RunAll();
        Close(stack, opening);
        Assert.That(user.Flows, Is.EqualTo(new[] { opening }));
    }

    [TestCase(true, 0)]
    [TestCase(false, 1)]
    public async Task ConnectionGone_WhoGetsOneAnswer_GetsNoConnection(bool isOnce, int opened)
    {
        var transport = new ScriptedTransport();
        await using var stack = new TestStack(scheduler: _pool, transports: transport);
        var flow = new RecordingFlow(SipTransportProtocol.Tcp);
        stack.OnRequest = (shard, from, request) =>
        {
            var exchange = shard.Accept(from, request, null)!;
            flow.IsGone = true;
            if (isOnce)
                exchange.RespondOnce(Msg.Answer(request, 401));
            else
                exchange.Respond(200, Msg.Answer(request, 200));
        };

        ((ISipTransportSink)stack.Stack).OnMessage(flow, Msg.Request("OPTIONS"));
        _pool.RunAll();

        Assert.That(transport.Opened, Is.EqualTo(opened));
    }

    [Test]
    public async Task Stop_OneTransportFails_TheOthersAreStopped()
    {
        var log = new ListLog();
        var (failing, last) = (new ScriptedTransport { Fails = true }, new ScriptedTransport());
        var stack = new TestStack(log: log, transports: [failing, last]);

        await stack.DisposeAsync();

        Assert.That((failing.IsStopped, last.IsStopped, log.CountOf(1103)), Is.EqualTo((true, true, 1)));
    }

    private void Close(TestStack stack, RecordingFlow flow)
    {
        flow.IsGone = true;
        ((ISipTransportSink)stack.Stack).OnFlowClosed(flow);
        _pool.RunAll();
    }

    private sealed class Failures : IClientExchangeUser
    {
        public List<SipFlow> Flows { get; } = [];

        public List<SipFlow> Answers { get; } = [];

        public Queue<SipFlow> Ways { get; init; } = [];

        public void OnResponse(SipShard shard, ClientExchange exchange, SipMessage response) => Answers.Add(exchange.Flow);

        public SipFlow? Reopen(SipShard shard, ClientExchange exchange) => Ways.TryDequeue(out var way) ? way : null;

        public void OnTimeout(SipShard shard, ClientExchange exchange)
        {
        }

        public void OnTransportError(SipShard shard, ClientExchange exchange) => Flows.Add(exchange.Flow);
    }
}
