using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Watching;

/// <summary>Everything that happens in a server, as those who watch it are told.</summary>
[SingleThreaded]
public sealed class WatchTests
{
    [Test]
    public async Task Watcher_IsToldOfRegistrations_Calls_Rooms_InOrder()
    {
        await using var world = new VirtualWorld();
        var host = new TestHost();
        var server = world.StartServer(host.Handlers);
        var told = server.WatchAsync();
        var alice = new ScriptedPhone(world, "alice", "10.0.2.1");
        alice.Register();
        alice.Received.Clear();
        var invite = alice.Invite("room1", "c1");
        alice.Ack(invite, alice.WaitForResponse("INVITE", 200));
        world.Complete(server.Calls.Single().HangUpAsync());
        world.Complete(server.StopAsync());

        var story = world.Await(ReadAsync(told));
        Assert.That(story.Select(what => what is SipServerEvent.Call call ? call.Event.GetType().Name : what.GetType().Name),
            Is.EqualTo(new[] { "Registered", "RoomOpened", "Connecting", "Answered", "RoomClosed", "Ended", "Unregistered" }));
    }

    [Test]
    public async Task SlowWatcher_LosesTheOldest_AndIsToldHowMany()
    {
        await using var world = new VirtualWorld();
        var server = world.StartServer(new TestHost().Handlers);
        var told = server.WatchAsync();
        for (var i = 0; i < 1030; i++)
            server.Parts.Events.Tell(new SipServerEvent.RoomOpened($"{i}"));
        server.Parts.Events.Complete();

        var story = world.Await(ReadAsync(told));
        Assert.That(story[0], Is.EqualTo(new SipServerEvent.Missed(6)));
        Assert.That(story[1], Is.EqualTo(new SipServerEvent.RoomOpened("6")));
        Assert.That(story, Has.Count.EqualTo(1025));
    }

    [Test]
    public async Task WatcherThatGivesUp_IsForgotten()
    {
        await using var world = new VirtualWorld();
        var server = world.StartServer(new TestHost().Handlers);
        using var cancel = new CancellationTokenSource();
        _ = server.WatchAsync(cancel.Token);
        Assert.That(server.Parts.Events.IsWatched, Is.True);
        world.Complete(cancel.CancelAsync());
        Assert.That(server.Parts.Events.IsWatched, Is.False);
    }

    // Off the world's context, which moves only when it is told to.
    private static Task<List<SipServerEvent>> ReadAsync(IAsyncEnumerable<SipServerEvent> told) => Task.Run(async () =>
    {
        var story = new List<SipServerEvent>();
        await foreach (var what in told)
            story.Add(what);
        return story;
    });
}
