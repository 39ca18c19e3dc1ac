using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Costs;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>What strangers send in masses leaves no transaction, no request and no deadline (RFC 3261 §8.2.7).</summary>
[SingleThreaded]
public sealed class StrangerFloodTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld();

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase("OPTIONS", 200)]
    [TestCase("REGISTER", 401)]
    [TestCase("INVITE", 401)]
    public void HundredThousandWithoutCredentials_LeaveNothing(string method, int status)
    {
        var shard = _all.Server.Parts.Stack.Shards[0];
        var flow = new SilentFlow();
        using var request = RequestBytes.Parse(flow, method, 0);
        for (var i = 0; i < 100_000; i++)
        {
            RequestBytes.Renumber(request, i);
            shard.Dispatcher.OnRequest(flow, request);
        }

        Assert.That(flow.Count, Is.EqualTo(100_000));
        Assert.That(System.Text.Encoding.UTF8.GetString(flow.Last), Does.StartWith($"SIP/2.0 {status} "));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        Assert.That((shard.Transactions.Bytes, shard.Merged.Count, shard.NextDeadline), Is.EqualTo((0L, 0, (TimeSpan?)null)));
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
    }

    [Test]
    public async Task MoreRequestsOfPhonesThanAreRemembered_AreAllAnswered_AndSoAreNewOnes()
    {
        await TearDown();
        _all = new SignallingWorld(options => options.MaxTransactions = 100);
        for (var i = 0; i < 300; i++)
        {
            Assert.That(_all.Alice.Register(callId: "r" + i).Status, Is.EqualTo(200), $"REGISTER {i}");
            Assert.That(_all.ServerTransactions, Is.LessThanOrEqualTo(125));
            _all.Alice.Received.Clear();
        }

        var (invite, ok) = _all.Answered();
        Assert.That(_all.ServerTransactions, Is.GreaterThanOrEqualTo(99), "the table is full, of what is answered");
        _all.Alice.Received.Clear();
        _all.Alice.InDialog("BYE", invite, ok);
        Assert.That(_all.Alice.WaitFor(m => m.IsResponse && m.Method == "BYE").Status, Is.EqualTo(200));
        // RFC 6026 §7.1: an INVITE that was accepted is remembered longest: its repetition would ring again.
        _all.Alice.Received.Clear();
        _all.Alice.Send(invite.Raw);
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_all.Alice.Received, Is.Empty);
        _all.World.Advance(TimeSpan.FromSeconds(33));
        Assert.That(_all.ServerTransactions, Is.Zero);
    }
}
