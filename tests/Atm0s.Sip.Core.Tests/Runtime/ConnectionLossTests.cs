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

    private sealed class Failures : IClientExchangeUser
    {
        public List<SipFlow> Flows { get; } = [];

        public void OnResponse(SipShard shard, ClientExchange exchange, SipMessage response)
        {
        }

        public void OnTimeout(SipShard shard, ClientExchange exchange)
        {
        }

        public void OnTransportError(SipShard shard, ClientExchange exchange) => Flows.Add(exchange.Flow);
    }
}
