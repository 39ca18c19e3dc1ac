using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Calls;

namespace Atm0s.Sip.Tests.Rooms;

/// <summary>Who hears whom in a room, and who talks, as the host sees it.</summary>
[SingleThreaded]
public sealed class RoomRuleTests
{
    private VirtualWorld _world = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;
    private RtpVoice _voice = null!;
    private ToneEndpoint _bob = null!;
    private ToneEndpoint _carol = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _server = _world.StartServer(new TestHost().Handlers);
        _voice = new RtpVoice(new RtpPeer(_world, "10.0.2.1:4000"), 440);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        var invite = _alice.Invite("room1", "c1");
        _alice.Ack(invite, _alice.WaitForResponse("INVITE", 200));
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _bob = Join("bob", 880);
        _carol = Join("carol", 1320);
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Whisper_IsHeardByOne_UntilTheRuleEnds()
    {
        var alice = Call("alice");
        Assert.That(
            _world.Await(alice.SetRuleAsync(new MemberRule { HeardBy = new HashSet<object> { Call("bob") } })),
            Is.EqualTo(CallCommandResult.Done));
        Talk(2);
        Assert.That(Level(_bob, 440), Is.GreaterThan(-20));
        Assert.That(Level(_carol, 440), Is.LessThan(-60));
        Assert.That(Level(_carol, 880), Is.GreaterThan(-20));

        _world.Await(alice.SetRuleAsync(MemberRule.Default));
        Talk(2);
        Assert.That(Level(_carol, 440), Is.GreaterThan(-20));
    }

    [Test]
    public void DeafPhone_HearsNobody()
    {
        _world.Await(Call("bob").SetRuleAsync(new MemberRule { IsDeaf = true }));
        Talk(2);
        Assert.That(_bob.Recording.End(TimeSpan.FromSeconds(0.5)).Samples, Has.All.EqualTo(0).Within(0.001));
        Assert.That(Level(_carol, 880), Is.GreaterThan(-20));
    }

    [Test]
    public void RuleThatIsSetOnHold_HoldsAfterwards()
    {
        var bob = Call("bob");
        Assert.That(_world.Await(bob.HoldAsync()), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(bob.SetRuleAsync(WhisperToAlice)), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(bob.ResumeAsync()), Is.EqualTo(CallCommandResult.Done));
        Talk(2);
        Assert.That(Level(_carol, 880), Is.LessThan(-60));

        _world.Await(bob.SetRuleAsync(MemberRule.Default));
        Talk(2);
        Assert.That(Level(_carol, 880), Is.GreaterThan(-20));
    }

    [TestCase(1, Description = "the clip ends while the phone is on hold")]
    [TestCase(20, Description = "and later")]
    public void RuleThatIsSetWhileAClipIsPlayed_OutlivesClipAndHold(int seconds)
    {
        var bob = Call("bob");
        var playing = bob.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(seconds)), new PlayOptions { OverRoom = true });
        _world.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(_world.Await(bob.SetRuleAsync(WhisperToAlice)), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(bob.HoldAsync()), Is.EqualTo(CallCommandResult.Done));
        Talk(2);
        Assert.That(_world.Await(bob.ResumeAsync()), Is.EqualTo(CallCommandResult.Done));
        Talk(2);
        Assert.That(Level(_carol, 880), Is.LessThan(-60));
        Assert.That(_world.Await(playing).End, Is.EqualTo(PlayEnd.Finished));
        Talk(2);
        Assert.That(Level(_carol, 880), Is.LessThan(-60));
    }

    [Test]
    public void RuleWithStrangers_IsRefused()
    {
        Assert.That(
            () => _ = Call("alice").SetRuleAsync(new MemberRule { Hears = new HashSet<object> { "bob" } }),
            Throws.ArgumentException);
    }

    [Test]
    public void Talking_IsTold()
    {
        var told = _server.WatchAsync();
        Talk(0.5);
        Assert.That(Call("alice").IsTalking, Is.True);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Call("alice").IsTalking, Is.False);

        var id = Call("alice").Id;
        _world.Complete(_server.StopAsync());
        var story = _world.Await(ReadAsync(told)).OfType<SipServerEvent.Talking>().Where(e => e.CallId == id).ToList();
        Assert.That(
            story,
            Is.EqualTo(new[] { new SipServerEvent.Talking(id, "room1", true), new SipServerEvent.Talking(id, "room1", false) }));
    }

    private MemberRule WhisperToAlice => new() { HeardBy = new HashSet<object> { Call("alice") } };

    private static double Level(ToneEndpoint listener, double hz) =>
        listener.Recording.End(TimeSpan.FromSeconds(0.5)).Measure(hz).Levels[hz];

    private static async Task<List<SipServerEvent>> ReadAsync(IAsyncEnumerable<SipServerEvent> events)
    {
        var read = new List<SipServerEvent>();
        await foreach (var what in events)
            read.Add(what);
        return read;
    }

    private ISipCall Call(string name) => _server.Calls.Single(call => call.Info.From == name);

    private void Talk(double seconds) => _voice.Talk(seconds, Call("alice").GetStatistics()!.Local);

    private ToneEndpoint Join(string name, double hz)
    {
        var audio = new ToneEndpoint(hz);
        var phone = _world.StartPhone(name, audio);
        Assert.That(_world.Await(_world.Await(phone.CallAsync("room1")).Answered).IsAnswered, Is.True);
        return audio;
    }
}
