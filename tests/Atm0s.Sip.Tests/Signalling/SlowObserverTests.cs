using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>An observer that does not keep up with what a phone can make as often as it likes.</summary>
[SingleThreaded]
public sealed class SlowObserverTests
{
    [Test]
    public async Task KeysThatNobodyReads_AreBounded_AndTheEndIsToldAllTheSame()
    {
        var observer = new SlowObserver();
        await using var world = new VirtualWorld();
        var host = new TestHost();
        var server = world.StartServer(
            new SipServerHandlers { Auth = host, Invite = host, Calls = observer }, options =>
                options.ObserverTimeout = TimeSpan.FromSeconds(300));
        var alice = new ScriptedPhone(world, "alice", "10.0.2.1");
        var invite = alice.Invite("room1", "c1");
        var ok = alice.WaitForResponse("INVITE", 200);
        alice.Ack(invite, ok);
        for (var i = 0; i < 1500; i++)
        {
            alice.InDialog("INFO", invite, ok, "Signal=5\r\n", contentType: "application/dtmf-relay");
            world.Advance(TimeSpan.FromMilliseconds(5));
        }

        alice.InDialog("BYE", invite, ok);
        world.RunUntil(() => server.Calls.Count == 0);
        observer.Go.SetResult();
        world.RunUntil(() => observer.Told.Count > 0 && observer.Told[^1] is CallEvent.Ended);
        Assert.That(observer.Told.OfType<CallEvent.DtmfReceived>().Count(), Is.InRange(1000, 1030));
        Assert.That(observer.Told[0], Is.InstanceOf<CallEvent.Connecting>());
    }

    [Test]
    public async Task Stop_WaitsUntilTheEndsAreTold()
    {
        var observer = new SlowObserver();
        await using var world = new VirtualWorld();
        var server = StartCall(world, observer, TimeSpan.FromSeconds(30));
        var stopping = server.StopAsync();
        world.Advance(TimeSpan.FromSeconds(0.5));
        Assert.That(stopping.IsCompleted, Is.False, "one is being told of the beginning");
        observer.Go.SetResult();
        world.Complete(stopping);
        Assert.That(observer.Told[^1], Is.InstanceOf<CallEvent.Ended>());
    }

    [Test]
    public async Task Stop_WaitsForNobodyLongerThanItsLimit()
    {
        var observer = new SlowObserver();
        await using var world = new VirtualWorld();
        var server = StartCall(world, observer, TimeSpan.FromSeconds(0.2));
        world.Complete(server.StopAsync());
        Assert.That(observer.Told, Has.Count.EqualTo(1), "it still thinks about the beginning");
    }

    private static SipServer StartCall(VirtualWorld world, ICallObserver observer, TimeSpan stop)
    {
        var host = new TestHost();
        var server = world.StartServer(
            new SipServerHandlers { Auth = host, Invite = host, Calls = observer }, options =>
                (options.ObserverTimeout, options.StopTimeout) = (TimeSpan.FromSeconds(300), stop));
        var call = world.Await(world.StartPhone("alice", new ToneEndpoint(440)).CallAsync("room1"));
        Assert.That(world.Await(call.Answered).IsAnswered, Is.True);
        return server;
    }

    private sealed class SlowObserver : ICallObserver
    {
        public TaskCompletionSource Go { get; } = new();

        public List<CallEvent> Told { get; } = [];

        public async ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            Told.Add(callEvent);
            await Go.Task;
        }
    }
}
