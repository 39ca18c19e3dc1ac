using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Tests.Costs;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>Overload refuses what is new, a part at a time, and nothing of what goes on (RFC 7339, RFC 3261 §21.5.4).</summary>
[SingleThreaded]
public sealed class LoadGovernorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    [Test]
    public void WaitingForASecond_RefusesMoreAndMore_AndTheEndOfIt_LessAndLess()
    {
        var governor = new LoadGovernor(Limit);
        var news = 0;
        for (var ms = 0; ms <= 1500; ms += 10)
        {
            if (governor.OnTaken(At(ms), Limit * 2, 1000))
                news++;
            if (ms < 1000)
                Assert.That(governor.Admits(), Is.True, $"a burst, {ms} ms");
        }

        Assert.That(news, Is.EqualTo(1));
        Assert.That(Admitted(governor, 1000), Is.InRange(10, 40), "six times halved");
        governor.OnTaken(At(1700), TimeSpan.Zero, 1000);
        Assert.That(Admitted(governor, 1000), Is.InRange(150, 300));
        governor.OnTaken(At(3000), TimeSpan.Zero, 0);
        Assert.That(governor.IsOverloaded, Is.False);
    }

    [Test]
    public void MachineThatWasBusy_IsNoOverload()
    {
        var governor = new LoadGovernor(Limit);
        // Few messages, each late; then a pause of the process, after which all is worked off at once.
        for (var ms = 0; ms < 5000; ms += 20)
            governor.OnTaken(At(ms), Limit * 3, LoadGovernor.MinBacklog - 1);
        for (var i = 0; i < 2000; i++)
            governor.OnTaken(
                At(8000) + TimeSpan.FromMicroseconds(100 * i), TimeSpan.FromSeconds(3) - TimeSpan.FromMilliseconds(i * 1.6), 2000 - i);
        Assert.That(governor.IsOverloaded, Is.False);
    }

    [Test]
    public void WhoIsKnown_IsTakenHalfOfTheTimeAtLeast_WhateverStrangersSend()
    {
        var governor = new LoadGovernor(Limit);
        for (var ms = 0; ms < 10_000; ms += 20)
            governor.OnTaken(At(ms), Limit * 3, 1000);
        Assert.That(Admitted(governor, 1000), Is.InRange(9, 11));
        Assert.That(Enumerable.Range(0, 1000).Count(_ => governor.Admits(isOfKnown: true)), Is.InRange(499, 501));
    }

    [Test]
    public void ZeroMeansNoLimit()
    {
        var governor = new LoadGovernor(TimeSpan.Zero);
        for (var ms = 0; ms < 5000; ms += 20)
            governor.OnTaken(At(ms), Limit * 3, 1000);
        Assert.That(governor.Admits(), Is.True);
    }

    [Test]
    public async Task Shard_ThatIsBehind_RefusesNewWork_AndTakesWhatGoesOn()
    {
        await using var all = new SignallingWorld(options => options.Defence.MaxRequestsPerSecondPerSource = 0);
        var (invite, ok) = all.Answered();
        var stack = all.Server.Parts.Stack;
        var (sink, shard, flow) = ((ISipTransportSink)stack, stack.Shards[0], new SilentFlow());
        var number = 0;
        for (var round = 0; round < 40; round++)
        {
            for (var i = 0; i < 150; i++)
                sink.OnMessage(flow, RequestBytes.Parse(flow, "OPTIONS", ++number));
            all.World.Time.Advance(TimeSpan.FromMilliseconds(60));
            // Slower than what comes.
            shard.Run(100);
        }

        Assert.That(shard.Governor.IsOverloaded, Is.True);
        Assert.That(System.Text.Encoding.UTF8.GetString(flow.Last), Does.StartWith("SIP/2.0 503").And.Contain("Retry-After"));
        all.Alice.Received.Clear();
        all.Alice.InDialog("BYE", invite, ok);
        Assert.That(all.Alice.WaitFor(m => m.IsResponse && m.Method == "BYE").Status, Is.EqualTo(200));
        all.World.Advance(TimeSpan.FromSeconds(2));
        sink.OnMessage(flow, RequestBytes.Parse(flow, "OPTIONS", ++number));
        all.World.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(System.Text.Encoding.UTF8.GetString(flow.Last), Does.StartWith("SIP/2.0 200"), "two seconds later");
    }

    [Test]
    public async Task FullQueue_HasRoomForWhatGoesOn()
    {
        await using var all = new SignallingWorld(options =>
        {
            options.Defence.MaxRequestsPerSecondPerSource = 0;
            options.QueueCapacity = 100;
        });
        var (invite, ok) = all.Answered();
        var (sink, flow) = ((ISipTransportSink)all.Server.Parts.Stack, new SilentFlow());
        for (var i = 0; i < 500; i++)
            sink.OnMessage(flow, RequestBytes.Parse(flow, "OPTIONS", i));
        all.Alice.InDialog("BYE", invite, ok);
        all.World.Time.Advance(TimeSpan.FromMilliseconds(20));
        all.World.Network.DeliverDue();
        Assert.That(all.Alice.WaitForResponse("BYE", 200, TimeSpan.FromMilliseconds(100)).Status, Is.EqualTo(200));
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds + 10_000);

    private static int Admitted(LoadGovernor governor, int count) => Enumerable.Range(0, count).Count(_ => governor.Admits());
}
