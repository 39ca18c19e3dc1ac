using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Sounds;

/// <summary>Clips for calls and rooms, digits that are asked for, PIN rooms.</summary>
[SingleThreaded]
public sealed class PromptTests
{
    private static readonly AudioClip Long = AudioClip.Tone(TimeSpan.FromSeconds(60), 1000);

    private VirtualWorld _world = null!;
    private TestHost _host = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Prompt_IsHeardByItsPhoneAlone([Values] bool overRoom)
    {
        var server = _world.StartServer(_host.Handlers);
        var (alice, bob) = (new ToneEndpoint(440), new ToneEndpoint(880));
        var call = Call(server, "alice", alice);
        Call(server, "bob", bob);
        _world.Advance(TimeSpan.FromSeconds(1));
        var playing = call.PlayAsync(AudioClip.Tone(TimeSpan.FromSeconds(3), 1500), new PlayOptions { OverRoom = overRoom });
        _world.Advance(TimeSpan.FromSeconds(2));
        var (heard, others) = (alice.Recording.End(TimeSpan.FromSeconds(1)), bob.Recording.End(TimeSpan.FromSeconds(1)));
        Assert.That(heard.Measure(880, 1500).Levels[1500], Is.GreaterThan(-25), "the prompt");
        Assert.That(heard.Measure(880, 1500).Levels[880], overRoom ? Is.GreaterThan(-25) : Is.LessThan(-60), "the room");
        Assert.That(others.Measure(440, 1500).Levels[1500], Is.LessThan(-60), "the prompt, for others");
        Assert.That(others.LevelDbov(), overRoom ? Is.GreaterThan(-25) : Is.LessThan(-60), "alice, for others");
        var result = _world.Await(playing);
        Assert.That(result.End, Is.EqualTo(PlayEnd.Finished));
        Assert.That(result.Played, Is.EqualTo(TimeSpan.FromSeconds(3)));
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30), "back in the room");
        Assert.That(bob.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).Measure(440, 880).Levels[440], Is.LessThan(-60), "never herself");
    }

    [Test]
    public void WhatCanNotBeAskedFor_IsRefused()
    {
        var call = Call(_world.StartServer(_host.Handlers), "alice", new ToneEndpoint(440));
        Assert.That(
            () => call.GatherDigitsAsync(new GatherOptions { MinDigits = 5, MaxDigits = 4 }), Throws.ArgumentException, "never there");
        Assert.That(() => new PinOptions { FindRoom = null!, Gather = new GatherOptions { MinDigits = 17 } }, Throws.ArgumentException);
        Assert.That(() => new PlayOptions { StopKeys = null! }, Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new PlayOptions { StopKeys = "1x" }, Throws.ArgumentException);
        Assert.That(new PlayOptions { StopKeys = "0123456789*#ABCD" }.StopKeys, Has.Length.EqualTo(16));
    }

    [Test]
    public void Loop_GoesOnUntilItIsStopped()
    {
        var server = _world.StartServer(_host.Handlers);
        var voice = new ToneEndpoint(440) { IsSpeaking = false };
        var call = Call(server, "alice", voice);
        using var stop = new CancellationTokenSource();
        var playing = call.PlayAsync(AudioClip.Tone(TimeSpan.FromSeconds(0.5), 1000), new PlayOptions { Loop = true }, stop.Token);
        _world.Advance(TimeSpan.FromSeconds(10));
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).StrongestFrequency(), Is.EqualTo(1000).Within(2));
        stop.Cancel();
        var result = _world.Await(playing);
        Assert.That(result.End, Is.EqualTo(PlayEnd.Stopped));
        Assert.That(result.Played, Is.EqualTo(TimeSpan.FromSeconds(10)).Within(TimeSpan.FromMilliseconds(100)));
    }

    [Test]
    public void Key_EndsAPrompt_WhenItMay()
    {
        var server = _world.StartServer(_host.Handlers);
        var phone = _world.Await(_world.StartPhone("alice", new ToneEndpoint(440)).CallAsync("room1"));
        _world.Complete(phone.Answered);
        var call = server.Calls.Single();
        var playing = call.PlayAsync(Long, new PlayOptions { StopKeys = "1#" });
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(phone.SendDtmfAsync("5"));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(playing.IsCompleted, Is.False);
        _world.Complete(phone.SendDtmfAsync("#"));
        var result = _world.Await(playing);
        Assert.That((result.End, result.Key), Is.EqualTo((PlayEnd.Key, (char?)'#')));
        Assert.That(result.ToString(), Does.Not.Contain("#"));
    }

    [Test]
    public void CallThatEnds_EndsWhatItHears()
    {
        var server = _world.StartServer(_host.Handlers);
        var call = Call(server, "alice", new ToneEndpoint(440));
        var playing = call.PlayAsync(Long);
        var gathering = call.GatherDigitsAsync();
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(call.HangUpAsync());
        Assert.That(_world.Await(playing).End, Is.EqualTo(PlayEnd.Ended));
        Assert.That(_world.Await(gathering).End, Is.EqualTo(GatherEnd.Ended));
        Assert.That(_world.Await(call.PlayAsync(Long)).End, Is.EqualTo(PlayEnd.Ended));
        Assert.That(server.Rooms, Is.Empty);
    }

    [Test]
    public void MoveAndHold_LeaveThePromptAlone()
    {
        var server = _world.StartServer(_host.Handlers);
        var (alice, bob) = (new ToneEndpoint(440), new ToneEndpoint(880));
        var call = Call(server, "alice", alice);
        Call(server, "bob", bob, "room2");
        var playing = call.PlayAsync(Long, new PlayOptions { OverRoom = true });
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_world.Await(call.MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.Done));
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(bob.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30), "bob hears alice");
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880, 1000).Levels[880], Is.GreaterThan(-25), "alice hears bob");
        Assert.That(_world.Await(call.HoldAsync()), Is.EqualTo(CallCommandResult.Done));
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(bob.Recording.End(TimeSpan.FromSeconds(1)).LevelDbov(), Is.LessThan(-60));
        Assert.That(_world.Await(call.PlayAsync(Long)).End, Is.EqualTo(PlayEnd.NotPossible));
        Assert.That(_world.Await(call.ResumeAsync()), Is.EqualTo(CallCommandResult.Done));
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(bob.Recording.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30), "bob hears alice again");
        Assert.That(playing.IsCompleted, Is.False);
    }

    [Test]
    public void PromptWaits_WhileTheHostHoldsTheCall()
    {
        var server = _world.StartServer(_host.Handlers);
        var alice = new ToneEndpoint(440) { IsSpeaking = false };
        var call = Call(server, "alice", alice);
        var playing = call.PlayAsync(AudioClip.Tone(TimeSpan.FromSeconds(4), 1000));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_world.Await(call.HoldAsync()), Is.EqualTo(CallCommandResult.Done));
        _world.Advance(TimeSpan.FromSeconds(10));
        Assert.That(playing.IsCompleted, Is.False);
        Assert.That(_world.Await(call.ResumeAsync()), Is.EqualTo(CallCommandResult.Done));
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(playing.IsCompleted, Is.False, "the phone has still to hear the rest");
        _world.Advance(TimeSpan.FromSeconds(1.5));
        Assert.That(_world.Await(playing).End, Is.EqualTo(PlayEnd.Finished));
    }

    [Test]
    public void RoomHearsAClip_SofterWhileSomebodyTalks()
    {
        var server = _world.StartServer(_host.Handlers);
        var (alice, bob) = (new ToneEndpoint(440) { IsSpeaking = false }, new ToneEndpoint(880) { IsSpeaking = false });
        Call(server, "alice", alice);
        Call(server, "bob", bob);
        var playing = server.PlayAsync("room1", Long, new PlayOptions { Duck = true });
        _world.Advance(TimeSpan.FromSeconds(2));
        var loud = bob.Recording.End(TimeSpan.FromSeconds(1)).Measure(440, 1000).Levels[1000];
        alice.IsSpeaking = true;
        _world.Advance(TimeSpan.FromSeconds(2));
        var ducked = bob.Recording.End(TimeSpan.FromSeconds(1)).Measure(440, 1000).Levels[1000];
        Assert.That(loud - ducked, Is.EqualTo(12).Within(1.5));
        alice.IsSpeaking = false;
        _world.Advance(TimeSpan.FromSeconds(3));
        Assert.That(bob.Recording.End(TimeSpan.FromSeconds(1)).Measure(440, 1000).Levels[1000], Is.EqualTo(loud).Within(1));
        Assert.That(playing.IsCompleted, Is.False);
        Assert.That(_world.Await(server.PlayAsync("nowhere", Long)).End, Is.EqualTo(PlayEnd.NotPossible));
        foreach (var call in server.Calls)
            _world.Complete(call.HangUpAsync());
        Assert.That(_world.Await(playing).End, Is.EqualTo(PlayEnd.Ended));
    }

    [Test]
    public void ClipForARoom_TakesNoPlaceOfASpeaker()
    {
        var server = _world.StartServer(_host.Handlers, options => options.Media.MaxSpeakers = 1);
        var bob = new ToneEndpoint(880) { IsSpeaking = false };
        Call(server, "alice", new ToneEndpoint(440));
        Call(server, "bob", bob);
        Call(server, "carol", new ToneEndpoint(660) { IsSpeaking = false });
        _ = server.PlayAsync("room1", Long);
        _world.Advance(TimeSpan.FromSeconds(4));
        var levels = bob.Recording.End(TimeSpan.FromSeconds(1)).Measure(440, 1000).Levels;
        Assert.That(levels[440], Is.GreaterThan(-40), "who speaks");
        Assert.That(levels[1000], Is.GreaterThan(-40), "the clip");
    }

    [Test]
    public void ManyWhoComeAtOnce_AreOneTone()
    {
        var server = _world.StartServer(_host.Handlers, options =>
        {
            options.Sounds.JoinTone = true;
            options.Media.MaxSpeakers = 1;
        });
        var alice = new ToneEndpoint(440) { IsSpeaking = false };
        Call(server, "alice", alice);
        _world.Advance(TimeSpan.FromSeconds(2));
        var one = Loudest(1);
        _world.Advance(TimeSpan.FromSeconds(2));
        var many = Loudest(6);
        Assert.That(one, Is.GreaterThan(-45));
        Assert.That(many, Is.EqualTo(one).Within(3));

        double Loudest(int count)
        {
            var before = alice.Recording.Duration;
            for (var i = 0; i < count; i++)
                _ = _world.StartPhone($"u{count}-{i}", new ToneEndpoint(660) { IsSpeaking = false }).CallAsync("room1");
            _world.Advance(TimeSpan.FromSeconds(2));
            return alice.Recording.From(before).Measure(783.99).Levels[783.99];
        }
    }

    [Test]
    public void Alone_HearsMusic_AndTonesWhenOthersComeAndGo()
    {
        var server = _world.StartServer(_host.Handlers, options =>
        {
            options.Sounds.PlayWhenAlone(AudioClip.Tone(TimeSpan.FromSeconds(2), 1000));
            options.Sounds.JoinTone = options.Sounds.LeaveTone = true;
        });
        var (alice, bob) = (new ToneEndpoint(440) { IsSpeaking = false }, new ToneEndpoint(880) { IsSpeaking = false });
        Call(server, "alice", alice);
        _world.Advance(TimeSpan.FromSeconds(5));
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).StrongestFrequency(), Is.EqualTo(1000).Within(2));
        var second = Call(server, "bob", bob);
        var before = alice.Recording.Duration;
        _world.Advance(TimeSpan.FromSeconds(2));
        var come = alice.Recording.From(before);
        Assert.That(come.Measure(523.25, 783.99, 1000).Levels[783.99], Is.GreaterThan(-45), "somebody comes");
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).LevelDbov(), Is.LessThan(-60), "and the music is over");
        _world.Complete(second.HangUpAsync());
        _world.Advance(TimeSpan.FromSeconds(3));
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).StrongestFrequency(), Is.EqualTo(1000).Within(2), "alone again");
    }

    [Test]
    public void WhoWaitsForOneThatIsRung_HearsRinging()
    {
        var server = _world.StartServer(_host.Handlers, options => options.Sounds.Ringback = true);
        var answer = new TaskCompletionSource<PhoneAnswer>();
        var bob = _world.StartPhone("bob", new ToneEndpoint(880), onIncoming: (_, _) => new ValueTask<PhoneAnswer>(answer.Task));
        _world.Complete(bob.RegisterAsync());
        var alice = new ToneEndpoint(440) { IsSpeaking = false };
        Call(server, "alice", alice);
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(alice.Recording.LevelDbov(), Is.LessThan(-60));
        var ringing = _world.Await(server.CallUserAsync("room1", "bob", "alice").AsTask());
        _world.Advance(TimeSpan.FromSeconds(11));
        Assert.That(ringing.State, Is.EqualTo(CallState.Ringing));
        Assert.That(alice.Recording.StrongestFrequency(), Is.EqualTo(425).Within(2));
        Assert.That(alice.Recording.Gaps(TimeSpan.FromSeconds(3.5)), Is.Not.Empty, "one second in five");
        answer.SetResult(PhoneAnswer.Accept);
        Assert.That(_world.Await(ringing.Answered).IsAnswered, Is.True);
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
    }

    [Test]
    public void Digits_AreGathered_UpToTheTerminator_AndDoNotGoOn()
    {
        var server = _world.StartServer(_host.Handlers, options => options.Calls.RelayDigits = DigitRelay.Always);
        var keys = 0;
        _world.Complete(server.AddParticipantAsync(
            "room1", new RoomBotOptions { OnEvent = what => keys += what is RoomBotEvent.Digit ? 1 : 0 }).AsTask());
        var phone = _world.Await(_world.StartPhone("alice", new ToneEndpoint(440)).CallAsync("room1"));
        _world.Complete(phone.Answered);
        var call = server.Calls.Single();
        var gathering = call.GatherDigitsAsync(new GatherOptions { Prompt = Long });
        Assert.That(_world.Await(call.GatherDigitsAsync()).End, Is.EqualTo(GatherEnd.NotPossible));
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(phone.SendDtmfAsync("271828#9"));
        var result = _world.Await(gathering);
        Assert.That((result.End, result.Digits), Is.EqualTo((GatherEnd.Done, "271828")));
        Assert.That(result.ToString(), Does.Not.Contain("271828"));
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(keys, Is.EqualTo(1), "the 9 alone");
    }

    [Test]
    public void Gather_EndsByCount_ByPause_AndByTries()
    {
        var server = _world.StartServer(_host.Handlers);
        var phone = _world.Await(_world.StartPhone("alice", new ToneEndpoint(440)).CallAsync("room1"));
        _world.Complete(phone.Answered);
        var call = server.Calls.Single();
        var counted = call.GatherDigitsAsync(new GatherOptions { MaxDigits = 3 });
        _world.Advance(TimeSpan.FromMilliseconds(100));
        _world.Complete(phone.SendDtmfAsync("123"));
        Assert.That(_world.Await(counted).Digits, Is.EqualTo("123"));

        var begun = _world.Time.GetUtcNow();
        var paused = call.GatherDigitsAsync(new GatherOptions { BetweenDigitsTimeout = TimeSpan.FromSeconds(3) });
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(phone.SendDtmfAsync("45"));
        Assert.That(_world.Await(paused).Digits, Is.EqualTo("45"));
        Assert.That(_world.Time.GetUtcNow() - begun, Is.EqualTo(TimeSpan.FromSeconds(4.3)).Within(TimeSpan.FromSeconds(0.3)));

        begun = _world.Time.GetUtcNow();
        var silent = call.GatherDigitsAsync(new GatherOptions
        {
            Prompt = AudioClip.Tone(TimeSpan.FromSeconds(2), 1000), FirstDigitTimeout = TimeSpan.FromSeconds(5), Tries = 2,
        });
        Assert.That(_world.Await(silent), Is.EqualTo(new GatherResult(GatherEnd.TooFew, "")));
        Assert.That(_world.Time.GetUtcNow() - begun, Is.EqualTo(TimeSpan.FromSeconds(14)).Within(TimeSpan.FromSeconds(0.3)));

        using var stop = new CancellationTokenSource();
        var cancelled = call.GatherDigitsAsync(new GatherOptions { Prompt = Long }, stop.Token);
        _world.Advance(TimeSpan.FromSeconds(1));
        stop.Cancel();
        Assert.That(_world.Await(cancelled).End, Is.EqualTo(GatherEnd.Cancelled));
    }

    /// <summary>A call that a program has for itself is not alone: what it waits for, or has lost, counts when the program is through.</summary>
    [TestCase(true), TestCase(false)]
    public void CallThatIsPlayedTo_IsNotAlone(bool hadOthers)
    {
        _host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To, endWhenOthersLeave: true));
        var server = _world.StartServer(_host.Handlers, options => options.Calls.WaitForOthersTimeout = TimeSpan.FromSeconds(5));
        var call = Call(server, "alice", new ToneEndpoint(440));
        var other = hadOthers ? Call(server, "bob", new ToneEndpoint(880)) : null;
        using var stop = new CancellationTokenSource();
        var playing = call.PlayAsync(Long, new PlayOptions { Loop = true }, stop.Token);
        _world.Advance(TimeSpan.FromSeconds(2));
        if (other is not null)
            _world.Complete(other.HangUpAsync());
        _world.Advance(TimeSpan.FromSeconds(20));
        Assert.That(call.State, Is.EqualTo(CallState.Answered), "it is played to");
        stop.Cancel();
        _world.Await(playing);
        var digits = call.GatherDigitsAsync(new GatherOptions { FirstDigitTimeout = TimeSpan.FromSeconds(20), Tries = 1 });
        if (other is null)
        {
            Assert.That(_world.Await(digits).End, Is.EqualTo(GatherEnd.TooFew), "and asked");
            Assert.That(call.State, Is.EqualTo(CallState.Answered));
        }

        var begun = _world.Time.GetUtcNow();
        var ended = _world.Await(call.Ended);
        Assert.That(ended.Cause, Is.EqualTo(hadOthers ? CallEndCause.OthersLeft : CallEndCause.NoAnswer));
        Assert.That(
            _world.Time.GetUtcNow() - begun,
            Is.EqualTo(TimeSpan.FromSeconds(hadOthers ? 0 : 5)).Within(TimeSpan.FromSeconds(0.2)));
    }

    /// <summary>A recording is no company: a call ends with the others though all calls are recorded.</summary>
    [Test]
    public void CallThatIsRecorded_EndsWithTheOthers()
    {
        _host.Decide = static (invite, _) => ValueTask.FromResult(InviteDecision.JoinRoom(invite.To, endWhenOthersLeave: true));
        var server = _world.StartServer(_host.Handlers);
        var call = Call(server, "alice", new ToneEndpoint(440));
        var other = Call(server, "bob", new ToneEndpoint(880));
        var playing = call.PlayAsync(Long, new PlayOptions { OverRoom = true });
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(other.HangUpAsync());
        Assert.That(_world.Await(call.Ended).Cause, Is.EqualTo(CallEndCause.OthersLeft), "nor is music over the room");
        Assert.That(_world.Await(playing).End, Is.EqualTo(PlayEnd.Ended));
    }

    /// <summary>A key is used once: what ended a prompt, or made the host ask, is no answer to the next question.</summary>
    [TestCase("1", "1", "271828", "271828")]
    [TestCase("#", "#", "1234", "1234")]
    [TestCase("", "5", "1234", "51234", Description = "typed ahead: nothing has used it")]
    public void KeyThatEndedAPrompt_IsNoDigitOfTheNextQuestion(string stopKeys, string key, string typed, string expected)
    {
        var server = _world.StartServer(_host.Handlers);
        var phone = _world.Await(_world.StartPhone("alice", new ToneEndpoint(440)).CallAsync("room1"));
        _world.Complete(phone.Answered);
        var call = server.Calls.Single();
        using var stop = new CancellationTokenSource();
        var menu = call.PlayAsync(Long, new PlayOptions { StopKeys = stopKeys }, stop.Token);
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(phone.SendDtmfAsync(key));
        _world.Advance(TimeSpan.FromSeconds(0.5));
        stop.Cancel();
        Assert.That(_world.Await(menu).Key, Is.EqualTo(stopKeys.Length > 0 ? key[0] : (char?)null));
        var asked = call.GatherDigitsAsync(new GatherOptions { MinDigits = 4, Tries = 1 });
        _world.Advance(TimeSpan.FromSeconds(0.2));
        _world.Complete(phone.SendDtmfAsync(typed + "#"));
        Assert.That(_world.Await(asked), Is.EqualTo(new GatherResult(GatherEnd.Done, expected)));
    }

    [Test]
    public void QuestionThatAKeyHasBegun_NeedNotTakeItForAnAnswer()
    {
        var server = _world.StartServer(_host.Handlers);
        var phone = _world.Await(_world.StartPhone("alice", new ToneEndpoint(440)).CallAsync("room1"));
        _world.Complete(phone.Answered);
        var call = server.Calls.Single();
        _world.Complete(phone.SendDtmfAsync("*"));
        _world.RunUntil(() => _host.Events.OfType<CallEvent.DtmfReceived>().Any());
        var asked = call.GatherDigitsAsync(new GatherOptions { TakesEarlierDigits = false });
        _world.Advance(TimeSpan.FromSeconds(0.2));
        _world.Complete(phone.SendDtmfAsync("12#"));
        Assert.That(_world.Await(asked).Digits, Is.EqualTo("12"));
        Assert.That(() => new GatherOptions { Terminator = 'x' }, Throws.ArgumentException);
    }

    /// <summary>What ducks over the room is softer when the room talks, too.</summary>
    [TestCase(true), TestCase(false)]
    public void ClipOverTheRoom_IsSofterWhileTheRoomTalks(bool talks)
    {
        var server = _world.StartServer(_host.Handlers);
        var alice = new ToneEndpoint(440) { IsSpeaking = false };
        var call = Call(server, "alice", alice);
        var bob = new ToneEndpoint(880) { IsSpeaking = talks };
        Call(server, "bob", bob);
        _ = call.PlayAsync(AudioClip.Tone(TimeSpan.FromSeconds(10), 1500), new PlayOptions { OverRoom = true, Duck = true });
        _world.Advance(TimeSpan.FromSeconds(4));
        var level = alice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880, 1500).Levels[1500];
        var plain = 20 * Math.Log10(0.2);
        Assert.That(level, Is.EqualTo(plain - (talks ? 12 : 0)).Within(1.5));
    }

    /// <summary>Two loud sounds for one phone are turned down, not cut off: there is no distortion.</summary>
    [Test]
    public void LoudSoundsTogether_AreNotCutOff()
    {
        var server = _world.StartServer(_host.Handlers);
        var alice = new ToneEndpoint(440) { IsSpeaking = false };
        var call = Call(server, "alice", alice);
        foreach (var frequency in new[] { 700.0, 1100.0, 1700.0 })
            _ = call.PlayAsync(AudioClip.Tone(TimeSpan.FromSeconds(10), frequency), new PlayOptions { Gain = 12 });
        _world.Advance(TimeSpan.FromSeconds(4));
        var levels = alice.Recording.End(TimeSpan.FromSeconds(1)).Measure(700, 1100, 1700, 300);
        Assert.That(levels.Levels[300], Is.LessThan(-40), "what a clamp would add: 2 x 700 - 1100");
        Assert.That(levels.Levels[700], Is.GreaterThan(-15));
    }

    [TestCase(true, Description = "the room gives no seat")]
    [TestCase(false, Description = "the look-up hangs")]
    public void RightPin_WithoutAnEnd_IsHungUpOn(bool isRefused)
    {
        var isToldToGiveUp = false;
        var pins = new PinInviteHandler(new PinOptions
        {
            FindRoom = async (_, _, cancellation) =>
            {
                if (!isRefused)
                {
                    cancellation.Register(() => isToldToGiveUp = true);
                    await new TaskCompletionSource().Task;
                }

                return "board";
            },
        })
        {
            Time = _world.Time,
        };
        var rooms = new PinRooms();
        var server = _world.StartServer(
            new SipServerHandlers { Auth = _host, Invite = pins, Calls = _host, Rooms = isRefused ? rooms : null });
        pins.Server = server;
        var phone = _world.Await(_world.StartPhone("alice", new ToneEndpoint(440) { IsSpeaking = false }).CallAsync("700"));
        _world.Complete(phone.Answered);
        _world.Complete(phone.SendDtmfAsync("2718#"));
        var begun = _world.Time.GetUtcNow();
        Assert.That(_world.Await(phone.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        Assert.That(_world.Time.GetUtcNow() - begun, Is.LessThan(TimeSpan.FromSeconds(8)));
        Assert.That(isToldToGiveUp, Is.EqualTo(!isRefused));
    }

    /// <summary>Gives a seat in the rooms where callers type, and in no other.</summary>
    private sealed class PinRooms : IRoomProvider
    {
        public ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IRoomSeat?>(
                participant.Call.RoomId!.StartsWith("pin-", StringComparison.Ordinal) ? new Seat() : null);

        private sealed class Seat : IRoomSeat
        {
            public int SampleRate => 8000;

            public bool Read(Span<short> frame) => false;

            public void Write(ReadOnlySpan<short> frame)
            {
            }

            public void OnConnected()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    [Test]
    public void PinRoom_LetsIn_AndTurnsAway([Values] bool knows)
    {
        var prompt = AudioClip.Tone(TimeSpan.FromSeconds(1), 1000);
        var pins = new PinInviteHandler(new PinOptions
        {
            Number = "700",
            FindRoom = (pin, _, _) => ValueTask.FromResult(pin == "271828" ? "board" : null),
            Gather = new GatherOptions { Prompt = prompt, MinDigits = 6 },
        });
        var server = _world.StartServer(new SipServerHandlers { Auth = _host, Invite = pins, Calls = _host });
        pins.Server = server;
        var voice = new ToneEndpoint(440) { IsSpeaking = false };
        var phone = _world.Await(_world.StartPhone("alice", voice).CallAsync("700"));
        _world.Complete(phone.Answered);
        _world.Advance(TimeSpan.FromSeconds(0.9));
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(0.4)).StrongestFrequency(), Is.EqualTo(1000).Within(3));
        for (var i = 0; i < 2; i++)
        {
            _world.Complete(phone.SendDtmfAsync("111111#"));
            _world.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.That(server.Calls.Single().Info.RoomId, Does.StartWith("pin-"));
        _world.Complete(phone.SendDtmfAsync(knows ? "271828#" : "111111#"));
        if (knows)
            _world.RunUntil(() => server.Calls.Single().Info.RoomId == "board");
        else
            Assert.That(_world.Await(phone.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        var other = _world.Await(_world.StartPhone("bob", new ToneEndpoint(440)).CallAsync("701"));
        Assert.That(_world.Await(other.Answered).StatusCode, Is.EqualTo(404));
    }

    [Test]
    public void WhoGuessesPins_HasToWait_HoweverOftenHeCallsAgain()
    {
        var lookedUp = new List<string>();
        var pins = new PinInviteHandler(new PinOptions
        {
            FindRoom = (pin, _, _) =>
            {
                lookedUp.Add(pin);
                return ValueTask.FromResult(pin == "2718" ? "board" : null);
            },
            MaxWrongPerCaller = 4,
        })
        {
            Time = _world.Time,
        };
        var server = _world.StartServer(new SipServerHandlers { Auth = _host, Invite = pins, Calls = _host });
        pins.Server = server;
        var mallory = _world.StartPhone("mallory", new ToneEndpoint(440) { IsSpeaking = false });
        Assert.That(Dial(mallory, "1111#", "1112#", "1113#"), Is.EqualTo(200));
        Assert.That(Dial(mallory, "1114#", "2718#"), Is.EqualTo(200), "the fifth is not even looked up");
        Assert.That(lookedUp, Is.EqualTo(new[] { "1111", "1112", "1113", "1114" }));
        Assert.That(Dial(mallory, "2718#"), Is.EqualTo(480));
        Assert.That(Dial(_world.StartPhone("alice", new ToneEndpoint(440)), "2718#"), Is.EqualTo(200), "nobody else's matter");
        Assert.That(server.Calls.Single().Info.RoomId, Is.EqualTo("board"));
        _world.Advance(TimeSpan.FromMinutes(10));
        Assert.That(Dial(mallory, "2718#"), Is.EqualTo(200));

        int Dial(SipPhone phone, params string[] tries)
        {
            var call = _world.Await(phone.CallAsync("700"));
            var status = _world.Await(call.Answered).StatusCode;
            foreach (var keys in status == 200 ? tries : [])
            {
                if (call.State != CallState.Answered)
                    break;
                _world.Complete(call.SendDtmfAsync(keys));
                _world.Advance(TimeSpan.FromSeconds(4));
            }

            if (tries[^1] != "2718#" || status != 200 || lookedUp[^1] != "2718")
                _world.Complete(call.HangUpAsync());
            return status;
        }
    }

    private ISipCall Call(SipServer server, string user, ToneEndpoint voice, string room = "room1")
    {
        var call = _world.Await(_world.StartPhone(user, voice).CallAsync(room));
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        return server.Calls.Single(c => c.Info.From == user);
    }
}
