using System.Net;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Server;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>An INVITE is never left in Proceeding, where no timer ends it (RFC 3261 §17.2.1), whatever its user does.</summary>
[SingleThreaded]
public sealed class UnattendedInviteTests : ISipApplication, IServerExchangeUser
{
    private VirtualWorld _world = null!;
    private SipStack _stack = null!;
    private ScriptedPhone _alice = null!;
    private Action<SipShard, SipFlow, SipMessage> _answer = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        var transport = _world.Network.CreateTransport(new SipListenerOptions { EndPoint = VirtualWorld.ServerEndPoint });
        _stack = new SipStack(
            new SipStackOptions { ShardCount = 1 },
            [transport],
            this,
            new UasCapabilities([SipMethod.Invite], [], ["application/sdp"]),
            new SipClock(_world.Time),
            _world.Ids,
            _world.Scheduler,
            NullLogger.Instance);
        _world.Complete(_stack.StartAsync(CancellationToken.None));
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown()
    {
        await _stack.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Test]
    public void UserThatThrows_CallerGets500()
    {
        _answer = static (shard, flow, request) =>
        {
            shard.Accept(flow, request, null);
            throw new InvalidOperationException("broken");
        };
        AssertThatItIsGivenUp();
    }

    [Test]
    public void UserThatLeavesWithoutAnAnswer_CallerGets500()
    {
        _answer = (shard, flow, request) =>
        {
            var exchange = shard.Accept(flow, request, this)!;
            exchange.Respond(180, ServerResponses.Create(_stack, request, 180, toTag: exchange.LocalTag));
            shard.Post(_ => exchange.User = null);
        };
        AssertThatItIsGivenUp();
        Assert.That(_alice.Received.Select(m => m.ToTag).Distinct().Count(), Is.EqualTo(1), "RFC 3261 §8.2.6.2: one tag for all responses");
    }

    [Test]
    public void UserThatStays_IsWaitedFor()
    {
        _answer = (shard, flow, request) => shard.Accept(flow, request, this);
        Invite();
        _world.Advance(TimeSpan.FromMinutes(5));
        Assert.That(_alice.Received.Select(m => m.Status), Has.All.EqualTo(100));
    }

    void ISipApplication.OnRequest(SipShard shard, SipFlow flow, SipMessage request) => _answer(shard, flow, request);

    void ISipApplication.OnFlowClosed(SipFlow flow)
    {
    }

    void IServerExchangeUser.OnCancel(SipShard shard, ServerExchange exchange, SipMessage cancel)
    {
    }

    void IServerExchangeUser.OnFailed(SipShard shard, ServerExchange exchange)
    {
    }

    private SipText Invite()
    {
        var invite = _alice.Request("INVITE", "room1", "c1", _alice.Sdp, _alice.Contact());
        _alice.Send(invite);
        return new SipText(invite);
    }

    private void AssertThatItIsGivenUp()
    {
        var invite = Invite();
        var answer = _alice.WaitForResponse("INVITE", 500);
        Assert.That(answer.ToTag, Is.Not.Empty);
        Assert.That(answer.All("Via"), Has.Count.EqualTo(1));
        Assert.That(SipText.Parameter(answer["Via"], "branch"), Is.EqualTo(SipText.Parameter(invite["Via"], "branch")));
        _alice.Ack(invite, answer);
        _world.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_stack.Shards[0].Transactions.ServerCount, Is.Zero);
        Assert.That(_alice.Received.Count(m => m.Status == 500), Is.EqualTo(1));
    }
}
