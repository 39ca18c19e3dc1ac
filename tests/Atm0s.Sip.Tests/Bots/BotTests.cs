using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Tests.Bots;

/// <summary>A program as a member of a room.</summary>
[SingleThreaded]
public sealed class BotTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers);
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void BotAndPhone_HearEachOther_AtEveryRate([Values(8000, 16_000, 24_000, 48_000)] int rate)
    {
        var voice = new ToneEndpoint(440);
        var call = Call("alice", "room1", voice);
        var bot = Add("room1", new RoomBotOptions { SampleRate = rate });
        Assert.That(bot.Say(Tone(880, rate, 2.5)), Is.EqualTo((int)(rate * 2.5)));
        _world.Advance(TimeSpan.FromSeconds(2));

        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30), "the phone hears the bot");
        Assert.That(Heard(bot).End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30), "the bot hears the phone");
        Assert.That(bot.Queued, Is.EqualTo(TimeSpan.FromSeconds(0.5)).Within(TimeSpan.FromMilliseconds(30)), "at the pace of the room");
        _world.Complete(call.HangUpAsync());
        _world.RunUntil(() => bot.Left.IsCompleted);
        Assert.That(_server.Rooms, Is.Empty, "it left with the last of the others");
        Assert.That(_server.Bots, Is.Empty);
    }

    [TestCase(2)]
    [TestCase(6)]
    public void Bots_DoNotKeepEachOther(int count)
    {
        var call = Call("alice", "room1", new ToneEndpoint(440));
        var bots = Enumerable.Range(0, count).Select(_ => Add("room1")).ToList();
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_server.Bots, Has.Count.EqualTo(count));
        _world.Complete(call.HangUpAsync());
        _world.RunUntil(() => bots.TrueForAll(bot => bot.Left.IsCompleted));
        Assert.That((_server.Rooms.Count, _server.Bots.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void BotsThatWaitForCallers_StayWhenOneOfThemLeaves_AndTheLastIsNotLeftAlone()
    {
        var bots = Enumerable.Range(0, 3).Select(_ => Add("room1")).ToList();
        bots[0].Leave();
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_server.Bots, Has.Count.EqualTo(2), "there is another one yet");
        bots[1].Leave();
        _world.RunUntil(() => bots[2].Left.IsCompleted);
        Assert.That(_server.Rooms, Is.Empty);
    }

    [Test]
    public void BotThatStays_IsServedByTheOthers()
    {
        var call = Call("alice", "room1", new ToneEndpoint(440));
        var (host, other) = (Add("room1", new RoomBotOptions { LeaveWithOthers = false }), Add("room1"));
        _world.Complete(call.HangUpAsync());
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_server.Bots, Has.Count.EqualTo(2));
        host.Leave();
        _world.RunUntil(() => other.Left.IsCompleted);
    }

    [Test]
    public void ParametersOfAStream_AreForItsProgramAlone()
    {
        Call("alice", "room1", new ToneEndpoint(440));
        var stream = _world.Await(_server.StartStreamAsync("room1", new MediaStreamOptions
        {
            Url = new Uri("ws://127.0.0.1:1/"), Parameters = new Dictionary<string, string> { ["token"] = "secret" },
        }))!;
        Assert.That(_server.Bots.Single().GetInfo().Attributes, Is.Empty);
        _ = stream.StopAsync();
        Assert.That(stream.Ended.Wait(TimeSpan.FromSeconds(20)), Is.True);
    }

    [Test]
    public void Flush_StopsWithinAFrame_AndTellsWhatWasHeard()
    {
        var voice = new ToneEndpoint(440) { IsSpeaking = false };
        Call("alice", "room1", voice);
        var bot = Add("room1");
        bot.Say(Tone(880, 16_000, 10));
        var done = bot.WhenHeardAsync();
        _world.Advance(TimeSpan.FromSeconds(1));
        var heard = voice.Recording.Samples.Length;
        var playback = bot.Flush();
        Assert.That(playback.Heard, Is.EqualTo(TimeSpan.FromSeconds(1)).Within(TimeSpan.FromMilliseconds(20)));
        Assert.That(playback.Heard + playback.Dropped, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(_world.Await(done), Is.False);
        _world.Advance(TimeSpan.FromSeconds(1));

        // The phone's own jitter buffer may hold 60 ms by then; the bot's part is one frame.
        var after = voice.Recording.Samples.AsSpan(heard).ToArray();
        var last = Array.FindLastIndex(after, sample => Math.Abs(sample) > 0.003) / 8.0;
        Assert.That(last, Is.LessThan(100), "ms");
        Assert.That(bot.Queued, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void BargeIn_StopsTheBotWithin40ms_OfTheEventThatSomebodyTalks()
    {
        var voice = new ToneEndpoint(440) { IsSpeaking = false };
        Call("alice", "room1", voice);
        TimeSpan? interrupted = null;
        RoomBot? bot = null;
        bot = Add("room1", new RoomBotOptions
        {
            OnEvent = what =>
            {
                if (what is RoomBotEvent.Talking { IsTalking: true })
                    interrupted = bot!.Flush().Heard;
            },
        });
        var listener = Add("room1");
        bot.Say(Tone(880, 16_000, 10));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(interrupted, Is.Null);
        voice.IsSpeaking = true;
        var limit = _world.Time.GetUtcNow() + TimeSpan.FromMilliseconds(300);
        _world.RunUntil(() => interrupted is not null || _world.Time.GetUtcNow() > limit);
        Assert.That(interrupted, Is.Not.Null);
        Heard(listener);
        _world.Advance(TimeSpan.FromMilliseconds(40));
        Heard(listener);
        _world.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(Heard(listener).Measure(440, 880).Levels[880], Is.LessThan(-60), "the bot, 40 ms after it was interrupted");
        Assert.That(bot.OthersTalk, Is.True);
        voice.IsSpeaking = false;
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(bot.OthersTalk, Is.False);
    }

    [Test]
    public void EchoByCallback_ComesBackToTheCaller()
    {
        var voice = new ToneEndpoint(440);
        Call("alice", "room1", voice);
        Add("room1", new RoomBotOptions { OnFrame = Echo });
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));
    }

    [Test]
    public void ThrowingBot_CostsOnlyItself()
    {
        var (alice, bob) = (new ToneEndpoint(440), new ToneEndpoint(880));
        Call("alice", "room1", alice);
        Call("bob", "room1", bob);
        var calls = 0;
        Add("room1", new RoomBotOptions
        {
            OnFrame = (_, _) => throw new InvalidOperationException($"no {++calls}"),
            OnEvent = _ => throw new InvalidOperationException("no"),
        });
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(calls, Is.GreaterThan(50));
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).Gaps(TimeSpan.FromMilliseconds(10)), Is.Empty);
    }

    [Test]
    public void BotThatDoesNotListen_LosesTheOldest_AndIsTold()
    {
        Call("alice", "room1", new ToneEndpoint(440));
        var bot = Add("room1", new RoomBotOptions { MaxUnheard = TimeSpan.FromSeconds(1), SampleRate = 8000 });
        _world.Advance(TimeSpan.FromSeconds(5));
        // 8,000 samples, rounded up to a power of two: 1.024 s.
        Assert.That(bot.Missed, Is.EqualTo(TimeSpan.FromSeconds(5 - 1.024)).Within(TimeSpan.FromMilliseconds(40)));
        Assert.That(Heard(bot).Duration, Is.EqualTo(TimeSpan.FromSeconds(1.024)));
    }

    [Test]
    public void QueueThatIsFull_TakesNoMore()
    {
        var bot = Add("room1", new RoomBotOptions { MaxQueued = TimeSpan.FromSeconds(1), SampleRate = 8000 });
        Assert.That(bot.Say(new short[5000]), Is.EqualTo(5000));
        Assert.That(bot.Say(new short[5000]), Is.EqualTo(3000));
        Assert.That(bot.Say(new short[5000]), Is.EqualTo(0));
        var more = bot.SayAsync(new short[5000]).AsTask();
        _world.Advance(TimeSpan.FromSeconds(0.5));
        Assert.That(more.IsCompleted, Is.False);
        _world.Complete(more);
        Assert.That(bot.Queued, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(_world.Await(bot.WhenHeardAsync()), Is.True);
        Assert.That(bot.Queued, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void MutedBot_IsNotHeard_AndGainIs([Values] bool muted)
    {
        var voice = new ToneEndpoint(440) { IsSpeaking = false };
        Call("alice", "room1", voice);
        var bot = Add("room1", new RoomBotOptions { Muted = muted, Gain = -20 });
        bot.Say(Tone(880, 16_000, 5));
        _world.Advance(TimeSpan.FromSeconds(2));
        var level = voice.Recording.End(TimeSpan.FromSeconds(1)).LevelDbov();
        // A quarter of full scale is -12 dB of peak, -15 of RMS.
        Assert.That(level, muted ? Is.LessThan(-70) : Is.EqualTo(-35).Within(1));
        bot.Mute(false);
        bot.SetGain(0);
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).LevelDbov(), Is.EqualTo(-15).Within(1));
    }

    [Test]
    public void WaitingCall_IsAnsweredByABot_AndIsToldOfIt()
    {
        _host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        var phone = _world.StartPhone("alice", new ToneEndpoint(440));
        var call = _world.Await(phone.CallAsync("room1"));
        _world.RunUntil(() => _server.Calls.Any(c => c.State == CallState.Ringing));
        var bot = Add("room1", new RoomBotOptions { Id = "assistant", Attributes = new Dictionary<string, string> { ["kind"] = "bot" } });
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        Assert.That(_server.Rooms.Single().Participants, Does.Contain("assistant"));
        Assert.That(bot.GetInfo().Attributes["kind"], Is.EqualTo("bot"));
        bot.Leave();
        Assert.That(_world.Await(call.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup), "the call ends with the others");
        Assert.That(_server.Rooms, Is.Empty);
    }

    [Test]
    public void KeyOfThePhone_IsToldToTheBot()
    {
        var keys = "";
        Add("room1", new RoomBotOptions { OnEvent = what => keys += what is RoomBotEvent.Digit digit ? digit.Key : "" });
        var call = Call("alice", "room1", new ToneEndpoint(440));
        _world.Complete(call.SendDtmfAsync("42#"));
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(keys, Is.EqualTo("42#"));
        Assert.That(new RoomBotEvent.Digit('4', TimeSpan.Zero).ToString(), Does.Not.Contain("4"));
    }

    [Test]
    public void SameName_TakesTheOthersPlace()
    {
        var first = Add("room1", new RoomBotOptions { Id = "assistant" });
        var second = Add("room1", new RoomBotOptions { Id = "assistant" });
        _world.RunUntil(() => first.Left.IsCompleted);
        Assert.That(second.Left.IsCompleted, Is.False);
        Assert.That(_server.Rooms.Single().Members, Is.EqualTo(1));
        second.Leave();
        Assert.That(_server.Rooms, Is.Empty);
    }

    [Test]
    public void BotThatMoves_IsHeardInTheOtherRoom_Alone()
    {
        var (alice, bob) = (new ToneEndpoint(440) { IsSpeaking = false }, new ToneEndpoint(440) { IsSpeaking = false });
        Call("alice", "room1", alice);
        Call("bob", "room2", bob);
        var bot = Add("room1");
        bot.Say(Tone(880, 16_000, 10));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(bot.MoveToRoom("room2"), Is.True);
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).LevelDbov(), Is.LessThan(-70));
        Assert.That(bob.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
        Assert.That(bot.RoomId, Is.EqualTo("room2"));
    }

    [Test]
    public void HundredBots_InHundredRooms_AreHeardByTheirCallers()
    {
        var voices = Enumerable.Range(0, 100).Select(_ => new ToneEndpoint(440)).ToArray();
        var calls = voices.Select((voice, i) => _world.StartPhone($"user{i}", voice).CallAsync($"room{i}")).ToArray();
        foreach (var call in calls)
            Assert.That(_world.Await(_world.Await(call).Answered).IsAnswered, Is.True);
        for (var i = 0; i < 100; i++)
            Add($"room{i}", new RoomBotOptions { SampleRate = 8000 }).Say(Tone(600 + (10 * i), 8000, 3));

        _world.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 100; i++)
            Assert.That(voices[i].Recording.End(TimeSpan.FromSeconds(0.5)).Measure(600 + (10 * i)).Snr, Is.GreaterThan(25), $"room {i}");
        foreach (var bot in _server.Bots)
            Assert.That(Heard(bot).End(TimeSpan.FromSeconds(0.5)).Measure(440).Snr, Is.GreaterThan(25));
    }

    // Ten rooms have trouble of every kind; in the other ninety nobody hears of it.
    [Test]
    public void TroubleInTenRooms_IsNoneInNinety()
    {
        var folder = Directory.CreateTempSubdirectory();
        var file = Path.Combine(folder.FullName, "prompt.wav");
        ToneSource.Sine(1000, TimeSpan.FromSeconds(10), 8000, -12).Write(file);
        var prompt = _world.Await(AudioClip.LoadAsync(file));
        folder.Delete(recursive: true);

        var voices = Enumerable.Range(0, 100).Select(_ => new ToneEndpoint(440)).ToArray();
        var calls = voices.Select((voice, i) => _world.StartPhone($"user{i}", voice).CallAsync($"room{i}")).ToArray();
        foreach (var call in calls)
            Assert.That(_world.Await(_world.Await(call).Answered).IsAnswered, Is.True);
        var bots = Enumerable.Range(0, 100).Select(i => Add($"room{i}", new RoomBotOptions
        {
            SampleRate = 8000,
            MaxQueued = TimeSpan.FromSeconds(20),
            OnFrame = i is 2 or 3 ? static (_, _) => throw new InvalidOperationException("of the bot") : null,
        })).ToArray();
        for (var i = 0; i < 100; i++)
            bots[i].Say(Tone(600 + (10 * i), 8000, 20));
        // 0 and 1 never listen; 2 and 3 throw; 4 and 5 are recorded onto a full disk; of 6 and 7 the file of the prompt is gone; 8 and 9
        // flush and leave all the time.
        var full = new List<Recording>();
        for (var i = 4; i < 6 && File.Exists("/dev/full"); i++)
            full.Add(_world.Await(_server.StartRecordingAsync($"room{i}", "/dev/full"))!);
        var played = Enumerable.Range(6, 2).Select(i => _server.PlayAsync($"room{i}", prompt)).ToList();
        Assert.That(() => _world.Await(AudioClip.LoadAsync(file)), Throws.InstanceOf<IOException>());
        var frame = new short[8000];
        for (var step = 0; step < 20; step++)
        {
            _world.Advance(TimeSpan.FromSeconds(0.5));
            bots[8].Flush();
            bots[9].Leave();
            bots[9] = Add("room9", new RoomBotOptions { SampleRate = 8000 });
            for (var i = 10; i < 100; i++)
                Assert.That(bots[i].TryHear(frame), Is.GreaterThan(3000));
        }

        Assert.That(full.Select(recording => recording.Ended.Result), Has.All.EqualTo(RecordingEnd.DiskFull));
        Assert.That(played.Select(task => task.Result.End), Has.All.EqualTo(PlayEnd.Finished));
        Assert.That(bots[0].Missed, Is.GreaterThan(TimeSpan.FromSeconds(7)));
        for (var i = 10; i < 100; i++)
        {
            Assert.That(bots[i].Missed, Is.EqualTo(TimeSpan.Zero), $"room {i}");
            var heard = voices[i].Recording.End(TimeSpan.FromSeconds(9));
            Assert.That(heard.Measure(600 + (10 * i)).Snr, Is.GreaterThan(25), $"room {i}");
            Assert.That(heard.Gaps(TimeSpan.FromMilliseconds(20)), Is.Empty, $"room {i}");
        }
    }

    [Test]
    public void Events_AreToldToWhoeverWatches()
    {
        var events = _server.WatchAsync().GetAsyncEnumerator();
        var bot = Add("room1", new RoomBotOptions { Id = "assistant" });
        bot.Leave("done");
        var told = new List<SipServerEvent>();
        for (var i = 0; i < 4; i++)
        {
            Assert.That(_world.Await(events.MoveNextAsync().AsTask()), Is.True);
            told.Add(events.Current);
        }

        Assert.That(told.OfType<SipServerEvent.BotJoined>().Single().Info.Id, Is.EqualTo("assistant"));
        Assert.That(told.OfType<SipServerEvent.BotLeft>().Single().Reason, Is.EqualTo("done"));
    }

    [Test]
    public void ServerThatStops_EndsItsBots()
    {
        var bot = Add("room1");
        var frames = bot.Heard.WaitToReadAsync().AsTask();
        _world.Complete(frames);
        _world.Complete(_server.StopAsync());
        Assert.That(bot.Left.IsCompleted, Is.True);
        Assert.That(bot.Say(new short[10]), Is.EqualTo(0));
    }

    /// <summary>As when a call is answered and its observer is told, and the caller has hung up meanwhile.</summary>
    [Test]
    public void CallerWhoHasGone_GetsNoBot()
    {
        _host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.CallId, endWhenOthersLeave: true));
        var phone = Call("alice", "700", new ToneEndpoint(440));
        var call = _server.Calls.Single();
        var bot = _world.Await(call.AddParticipantAsync(new RoomBotOptions { Id = "bot" }));
        Assert.That(bot!.RoomId, Is.EqualTo(call.Id));
        _world.Complete(phone.HangUpAsync());
        _world.Complete(call.Ended);
        _world.RunUntil(() => bot.Left.IsCompleted);

        Assert.That(_world.Await(call.AddParticipantAsync()), Is.Null);
        Assert.That((_server.Bots.Count, _server.Rooms.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void StreamOfARoomThatIsNotThere_IsNone_WhereItMustBe()
    {
        var options = new MediaStreamOptions { Url = new Uri("ws://127.0.0.1:1/"), MustFindRoom = true };
        Assert.That(_world.Await(_server.StartStreamAsync("room1", options)), Is.Null);
        Assert.That((_server.Bots.Count, _server.Rooms.Count, _server.Streams.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void StreamOptions_ThatCanNotBeMet_AreRefused()
    {
        var url = new Uri("ws://127.0.0.1:1/");
        Assert.That(() => new MediaStreamOptions { Url = url, ParticipantId = "" }, Throws.ArgumentException);
        Assert.That(() => new MediaStreamOptions { Url = url, ParticipantId = new string('a', 300) }, Throws.ArgumentException);
        Assert.That(() => new MediaStreamOptions { Url = url, AccountSid = null! }, Throws.ArgumentException);
        Assert.That(() => new MediaStreamOptions { Url = url, SigningKey = "" }, Throws.ArgumentException);
        Call("alice", "room1", new ToneEndpoint(440));
        var both = new MediaStreamOptions { Url = url, Tracks = MediaStreamTracks.Both };
        Assert.That(() => _server.StartStreamAsync("room1", both), Throws.ArgumentException);
        Assert.That(() => _server.Calls.Single().StartStreamAsync(both), Throws.ArgumentException);
        Assert.That(_server.Calls.Single().State, Is.EqualTo(CallState.Answered));
    }

    /// <summary>Byte by byte, as a program may read that knows nothing of samples; and both directions at once.</summary>
    [Test]
    public void AsStream_IsTheSameAudio_InBytes([Values(1, 3, 640)] int piece)
    {
        var voice = new ToneEndpoint(440);
        Call("alice", "room1", voice);
        var stream = Add("room1", new RoomBotOptions { SampleRate = 8000, MaxUnheard = TimeSpan.FromSeconds(10) }).AsStream();
        var said = new byte[2 * 8000 * 2];
        Buffer.BlockCopy(Tone(880, 8000, 2), 0, said, 0, said.Length);
        for (var at = 0; at < said.Length; at += piece)
            stream.Write(said, at, Math.Min(piece, said.Length - at));
        _world.Advance(TimeSpan.FromSeconds(1.5));
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));

        var heard = new byte[2 * 8000];
        Assert.That(stream.Read(heard, 0, 0), Is.EqualTo(0));
        for (var at = 0; at < heard.Length;)
        {
            var read = stream.Read(heard, at, Math.Min(piece, heard.Length - at));
            Assert.That(read, Is.InRange(1, piece));
            at += read;
        }

        var samples = new short[heard.Length / 2];
        Buffer.BlockCopy(heard, 0, samples, 0, heard.Length);
        Assert.That(
            new WavFile(8000, [.. samples.Skip(4000).Select(s => s / 32768f)]).Measure(440).Snr, Is.GreaterThan(25), "no byte is missing");
    }

    [Test]
    public void HeardFrames_AreWhatTheRoomSays()
    {
        Call("alice", "room1", new ToneEndpoint(440));
        var bot = Add("room1", new RoomBotOptions { SampleRate = 8000, MaxUnheard = TimeSpan.FromSeconds(10) });
        _world.Advance(TimeSpan.FromSeconds(2));
        var samples = new List<float>();
        while (bot.Heard.TryRead(out var frame))
        {
            Assert.That(frame.Length, Is.EqualTo(160));
            foreach (var sample in frame.Span)
                samples.Add(sample / 32768f);
        }

        Assert.That(new WavFile(8000, [.. samples]).End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));
    }

    [Test]
    public async Task RoomOfTheHost_TakesNoBot()
    {
        await using var world = new VirtualWorld();
        var server = world.StartServer(new SipServerHandlers { Auth = _host, Invite = _host, Rooms = new NoRooms() });
        Assert.That(() => server.AddParticipantAsync("room1"), Throws.InstanceOf<InvalidOperationException>());
        Assert.That(
            () => server.StartStreamAsync("room1", new MediaStreamOptions { Url = new Uri("ws://127.0.0.1:1/") }),
            Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void BotOptions_ThatCanNotBeMet_AreRefused()
    {
        Assert.That(() => _server.AddParticipantAsync(""), Throws.ArgumentException);
        Assert.That(() => _server.AddParticipantAsync("a\nb"), Throws.ArgumentException);
        Assert.That(() => Add("room1").MoveToRoom("a\nb"), Throws.ArgumentException);
        Call("alice", "room1", new ToneEndpoint(440));
        Assert.That(() => _server.Calls.Single().MoveToRoomAsync("a\nb"), Throws.ArgumentException);
        Assert.That(() => new RoomBotOptions { SampleRate = 44_100 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RoomBotOptions { Id = "a\r\nb" }, Throws.ArgumentException);
    }

    private sealed class NoRooms : IRoomProvider
    {
        public ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IRoomSeat?>(null);
    }

    private static bool Echo(ReadOnlySpan<short> heard, Span<short> said)
    {
        heard.CopyTo(said);
        return true;
    }

    internal static short[] Tone(double frequency, int rate, double seconds) =>
        [.. Enumerable.Range(0, (int)(rate * seconds)).Select(i => (short)(8192 * Math.Sin(Math.Tau * frequency * i / rate)))];

    private static WavFile Heard(RoomBot bot)
    {
        var samples = new short[bot.SampleRate * 10];
        var count = bot.TryHear(samples);
        return new WavFile(bot.SampleRate, [.. samples.Take(count).Select(s => s / 32768f)]);
    }

    private RoomBot Add(string room, RoomBotOptions? options = null) => _world.Await(_server.AddParticipantAsync(room, options).AsTask());

    private ISipCall Call(string user, string room, ToneEndpoint voice)
    {
        var call = _world.Await(_world.StartPhone(user, voice).CallAsync(room));
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        return call;
    }
}
