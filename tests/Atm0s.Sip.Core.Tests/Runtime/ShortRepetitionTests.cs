using Atm0s.Sip.Core.Tests.Transactions;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>A repetition is as long as the first copy; what is shorter fetches no stored response.</summary>
[Property("rfc", "3261-17.1")]
public sealed class ShortRepetitionTests
{
    private static readonly string Long = "X-Filler: " + new string('x', 300);

    private QueueScheduler _pool = null!;
    private TestStack _stack = null!;

    [SetUp]
    public void SetUp()
    {
        _pool = new QueueScheduler();
        _stack = new TestStack(scheduler: _pool);
    }

    [TearDown]
    public async Task TearDown() => await _stack.DisposeAsync();

    [TestCase("OPTIONS", 200, TestName = "Lingering_ShortCopyOverUdp_FetchesNothing")]
    [TestCase("INVITE", 486, TestName = "AtWork_ShortCopyOverUdp_FetchesNothing")]
    public void ShortCopy_FetchesNothing(string method, int status)
    {
        var flow = new RecordingFlow(SipTransportProtocol.Udp);
        _stack.OnRequest = (shard, from, request) => shard.Accept(from, request, null)!.Respond(status, Msg.Answer(request, status));

        Receive(flow, method, Long);
        Assert.That(flow.Sent, Has.Count.EqualTo(1));
        Receive(flow, method, "");
        Assert.That(flow.Sent, Has.Count.EqualTo(1), "a short copy");
        Receive(flow, method, Long);
        Assert.That(flow.Sent, Has.Count.EqualTo(2), "a true repetition");
    }

    [Test]
    public void AnsweredAtOnce_ShortCopyOverUdp_FetchesNothing()
    {
        var flow = new RecordingFlow(SipTransportProtocol.Udp);
        _stack.OnRequest = (shard, from, request) => shard.Respond(from, request, Msg.Answer(request, 200));

        Receive(flow, "OPTIONS", Long);
        Receive(flow, "OPTIONS", "");
        Assert.That(flow.Sent, Has.Count.EqualTo(1));
        Receive(flow, "OPTIONS", Long);
        Assert.That(flow.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public void Ack_IsShorterThanItsInvite_AndIsTaken()
    {
        var flow = new RecordingFlow(SipTransportProtocol.Udp);
        _stack.OnRequest = (shard, from, request) => shard.Accept(from, request, null)!.Respond(486, Msg.Answer(request, 486));

        Receive(flow, "INVITE", Long);
        Receive(flow, "ACK", "");
        Receive(flow, "INVITE", Long);

        Assert.That(flow.Sent, Has.Count.EqualTo(1), "confirmed: absorbed");
    }

    private void Receive(SipFlow flow, string method, string extra)
    {
        ((ISipTransportSink)_stack.Stack).OnMessage(flow, Msg.Request(method, extra: extra));
        _pool.RunAll();
    }
}
