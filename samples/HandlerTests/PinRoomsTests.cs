using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Testing;

namespace HandlerTests;

/// <summary>A handler of one's own, tested with whole calls: signalling, rooms and sound, in milliseconds.</summary>
public sealed class PinRoomsTests
{
    [Test]
    public async Task NumberOfAMeeting_BringsTheCallerIntoItsRoom_WhereOthersAreHeard()
    {
        await using var world = new VirtualWorld();
        var server = StartServer(world);
        var (aliceVoice, bobVoice) = (new ToneEndpoint(440), new ToneEndpoint(880));

        var alice = world.Await(world.StartPhone("alice", aliceVoice).CallAsync("712345"));
        var bob = world.Await(world.StartPhone("bob", bobVoice).CallAsync("712345"));
        Assert.That(world.Await(alice.Answered).IsAnswered, Is.True);
        Assert.That(world.Await(bob.Answered).IsAnswered, Is.True);
        Assert.That(server.Rooms.Single().Id, Is.EqualTo("meeting-712345"));

        world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(aliceVoice.Recording.StrongestFrequency(), Is.EqualTo(880).Within(1), "Hz, of bob");
        Assert.That(bobVoice.Recording.StrongestFrequency(), Is.EqualTo(440).Within(1), "Hz, of alice");

        world.Complete(alice.HangUpAsync());
        world.RunUntil(() => server.Calls.Count == 1);
    }

    [Test]
    public async Task AnyOtherNumber_IsNotFound()
    {
        await using var world = new VirtualWorld();
        StartServer(world);

        var call = world.Await(world.StartPhone("alice", new ToneEndpoint(440)).CallAsync("700000"));

        Assert.That(world.Await(call.Answered).StatusCode, Is.EqualTo(404));
    }

    [Test]
    public async Task BadNetwork_TheCallComesAboutAllTheSame([Range(1, 10)] int seed)
    {
        await using var world = new VirtualWorld(seed);
        StartServer(world);
        world.Network.Conditions = new LinkConditions { Loss = 0.1, Duplication = 0.1, Reordering = 0.1 };
        world.MediaNetwork.Conditions = new MediaConditions { Loss = 0.02, Delay = TimeSpan.FromMilliseconds(80) };
        var aliceVoice = new ToneEndpoint(440);

        var alice = world.Await(world.StartPhone("alice", aliceVoice).CallAsync("712345"));
        var bob = world.Await(world.StartPhone("bob", new ToneEndpoint(880)).CallAsync("712345"));
        Assert.That(world.Await(alice.Answered).IsAnswered && world.Await(bob.Answered).IsAnswered, Is.True);

        world.Advance(TimeSpan.FromSeconds(3));
        Assert.That(aliceVoice.Recording.StrongestFrequency(), Is.EqualTo(880).Within(1));
    }

    // Every user's password is "pw-" and the name, for the server as for the phones of the world.
    private static SipServer StartServer(VirtualWorld world) => world.StartServer(new SipServerHandlers
    {
        Auth = new TestHost(),
        Invite = new PinRooms(new HashSet<string> { "712345" }),
    });
}
