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

    /// <summary>While a call is recorded its phone is in the room by a door: rules that name it, and its own, hold all the same.</summary>
    [TestCase(true), TestCase(false)]
    public void Rule_HoldsWhileTheCallIsRecorded(bool before)
    {
        var (alice, bob, carol) = (Call("alice"), Call("bob"), Call("carol"));
        var whisper = new MemberRule { HeardBy = new HashSet<object> { bob } };
        var notBob = new MemberRule { Hears = new HashSet<object> { alice } };
        if (before)
        {
            _world.Await(alice.SetRuleAsync(whisper));
            _world.Await(carol.SetRuleAsync(notBob));
        }

        var folder = Directory.CreateTempSubdirectory("rules");
        try
        {
            var recordings = new[] { alice, bob, carol }
                .Select(call => _world.Await(call.StartRecordingAsync(Path.Combine(folder.FullName, $"{call.Info.From}.wav")))).ToArray();
            Assert.That(recordings, Has.None.Null);
            if (!before)
            {
                _world.Await(alice.SetRuleAsync(whisper));
                _world.Await(carol.SetRuleAsync(notBob));
            }

            Talk(2);
            AssertHeard("in the booth");
            foreach (var recording in recordings)
                _world.Await(recording!.StopAsync());
            _world.Advance(TimeSpan.FromSeconds(0.5));
            Talk(2);
            AssertHeard("and after it");
        }
        finally
        {
            _world.Complete(_server.StopAsync());
            folder.Delete(recursive: true);
        }

        void AssertHeard(string when)
        {
            Assert.That(Level(_bob, 440), Is.GreaterThan(-20), when);
            Assert.That(Level(_carol, 440), Is.LessThan(-60), when);
            Assert.That(Level(_carol, 880), Is.LessThan(-60), when);
            Assert.That(Level(_bob, 1320), Is.GreaterThan(-20), when);
        }
    }

    [Test]
    public void Coach_IsAProgram_HeardByOne_AndHearsOne()
    {
        var options = new RoomBotOptions { Id = "coach", SampleRate = 8000, MaxUnheard = TimeSpan.FromSeconds(10) };
        using var bot = new BotVoice(_server.AddParticipantAsync("room1", options).AsTask().Result);
        Assert.That(bot.Bot.SetRule(new MemberRule
        {
            HeardBy = new HashSet<object> { Call("bob") },
            Hears = new HashSet<object> { Call("carol") },
        }));
        var toCoach = new MemberRule { Hears = new HashSet<object> { bot.Bot } };
        Assert.That(_world.Await(Call("carol").SetRuleAsync(toCoach)), Is.EqualTo(CallCommandResult.Done));
        bot.Say(600, 3);
        Talk(2);

        Assert.That(Level(_bob, 600), Is.GreaterThan(-20));
        Assert.That(Level(_carol, 600), Is.LessThan(-60), "who is coached is one");
        Assert.That(Level(_carol, 880), Is.LessThan(-60));
        var heard = bot.TakeLevels(1320, 880);
        Assert.That((heard[1320] > -20, heard[880] < -60), Is.EqualTo((true, true)));
        Assert.That(() => bot.Bot.SetRule(new MemberRule { Hears = new HashSet<object> { "bob" } }), Throws.ArgumentException);
    }

    [Test]
    public void AutomaticGain_OfOneCall()
    {
        var alice = Call("alice");
        Assert.That(alice.HasAutomaticGain, Is.False);
        Assert.That(_world.Await(alice.SetAutomaticGainAsync()), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(alice.SetAutomaticGainAsync()), Is.EqualTo(CallCommandResult.AlreadyDone));
        Assert.That(alice.HasAutomaticGain, Is.True);
        Talk(1);
        var early = Level(_bob, 440);
        Talk(8);
        Assert.That(Level(_bob, 440), Is.Not.EqualTo(early).Within(2), "it moves towards -20 dBov");
    }

    [Test]
    public void RuleOfARoomThatHasClosed_IsNoneInTheNextOfItsName()
    {
        var alice = Call("alice");
        _world.Await(Call("bob").HangUpAsync());
        _world.Await(Call("carol").HangUpAsync());
        Assert.That(_world.Await(alice.SetRuleAsync(new MemberRule { HeardBy = new HashSet<object>() })), Is.EqualTo(CallCommandResult.Done));
        _world.Await(alice.MoveToRoomAsync("room2"));
        Assert.That(alice.Rule, Is.SameAs(MemberRule.Default));
        _world.Await(alice.MoveToRoomAsync("room1"));

        Assert.That(alice.Rule, Is.SameAs(MemberRule.Default), "this room1 is another");
        var dave = Join("dave", 880);
        Talk(2);
        Assert.That(Level(dave, 440), Is.GreaterThan(-20));
    }

    [TestCaseSource(nameof(RulesElsewhere))]
    public void RuleOfARoomThatIsStillThere_HoldsAgain(MemberRule? elsewhere)
    {
        var alice = Call("alice");
        var whisper = new MemberRule { HeardBy = new HashSet<object> { Call("bob") } };
        _world.Await(alice.SetRuleAsync(whisper));
        _world.Await(alice.MoveToRoomAsync("room2"));
        if (elsewhere is not null)
            _world.Await(alice.SetRuleAsync(elsewhere));
        _world.Await(alice.MoveToRoomAsync("room1"));
        Talk(2);
        Assert.That(alice.Rule, Is.EqualTo(whisper));
        Assert.That(Level(_carol, 440), Is.LessThan(-60));
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

    /// <summary>A rule is of the room for which it was set, whether or not the phone was in its booth meanwhile; its ways are told.</summary>
    [TestCase(true), TestCase(false)]
    public void RuleOfARoom_GoesAndComesWithIt_AndIsTold(bool isRecorded)
    {
        var bob = Call("bob");
        var told = _server.WatchAsync();
        var playing = isRecorded
            ? bob.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(3)), new PlayOptions { OverRoom = true })
            : Task.FromResult(new PlayResult(PlayEnd.Finished, TimeSpan.Zero));
        _world.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(_world.Await(bob.SetRuleAsync(WhisperToAlice)), Is.EqualTo(CallCommandResult.Done));
        Assert.That(_world.Await(bob.MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.Done));
        Assert.That(bob.Rule, Is.EqualTo(MemberRule.Default));
        _world.Await(playing);
        Assert.That(_world.Await(bob.MoveToRoomAsync("room1")), Is.EqualTo(CallCommandResult.Done));
        Talk(2);
        Assert.That(bob.Rule.HeardBy, Is.EqualTo(WhisperToAlice.HeardBy));
        Assert.That(Level(_carol, 880), Is.LessThan(-60));

        Assert.That(_world.Await(bob.SetRuleAsync(new MemberRule { IsDeaf = true })), Is.EqualTo(CallCommandResult.Done));
        var id = bob.Id;
        _world.Complete(_server.StopAsync());
        var rules = _world.Await(ReadAsync(told)).OfType<SipServerEvent.RuleChanged>().Where(e => e.CallId == id).ToList();
        Assert.That(rules.Select(e => e.RoomId), Is.EqualTo(new[] { "room1", "room2", "room1", "room1" }));
        Assert.That(rules.Select(e => e.Rule == MemberRule.Default), Is.EqualTo(new[] { false, true, false, false }));
    }

    [Test]
    public void MaxSpeakers_OfOneRoom()
    {
        Assert.That(_server.Rooms.Single().MaxSpeakers, Is.EqualTo(3));
        Assert.That(_server.SetMaxSpeakers("room1", 1), Is.True);
        Assert.That(_server.Rooms.Single().MaxSpeakers, Is.EqualTo(1));
        Assert.That(_server.SetMaxSpeakers("room1", 0), Is.True);
        Assert.That(_server.Rooms.Single().MaxSpeakers, Is.EqualTo(0));
        Assert.That(_server.SetMaxSpeakers("room2", 1), Is.False);
        Assert.That(() => _server.SetMaxSpeakers("room1", 17), Throws.InstanceOf<ArgumentOutOfRangeException>());
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

    private sealed class BotVoice(RoomBot bot) : IDisposable
    {
        public RoomBot Bot => bot;

        public void Say(double hz, double seconds)
        {
            var pcm = new short[(int)(8000 * seconds)];
            for (var i = 0; i < pcm.Length; i++)
                pcm[i] = (short)(8000 * Math.Sin(2 * Math.PI * hz * i / 8000));
            bot.Say(pcm);
        }

        /// <summary>Levels of tones in what it heard last; takes all of it.</summary>
        public IReadOnlyDictionary<double, double> TakeLevels(params double[] hz)
        {
            var pcm = new short[80_000];
            var count = bot.TryHear(pcm);
            var last = pcm.AsSpan(0, count)[^4000..];
            var samples = new float[last.Length];
            for (var i = 0; i < samples.Length; i++)
                samples[i] = last[i] / 32768f;
            return new WavFile(8000, samples).Measure(hz).Levels;
        }

        public void Dispose() => bot.Leave();
    }

    private static MemberRule?[] RulesElsewhere() => [null, MemberRule.Default, new MemberRule { IsDeaf = true }];

    private void Talk(double seconds) => _voice.Talk(seconds, Call("alice").GetStatistics()!.Local);

    private ToneEndpoint Join(string name, double hz)
    {
        var audio = new ToneEndpoint(hz);
        var phone = _world.StartPhone(name, audio);
        Assert.That(_world.Await(_world.Await(phone.CallAsync("room1")).Answered).IsAnswered, Is.True);
        return audio;
    }
}
