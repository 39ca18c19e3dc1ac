using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Tests.Rooms;

/// <summary>Rooms of a host that has an SFU: phones as Opus packets.</summary>
[SingleThreaded]
public sealed class OpusSeatTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private OpusHost _rooms = null!;
    private SipServer _server = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _rooms = new OpusHost();
        _server = _world.StartServer(
            new SipServerHandlers { Auth = _host, Invite = _host, Calls = _host, Registrations = _host, Rooms = _rooms });
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase("opus", true)]
    [TestCase("PCMA", false)]
    [TestCase("G722", false)]
    public void WhatAPhoneSays_ComesAsOpus(string codec, bool passes)
    {
        var seat = Call("alice", new ToneEndpoint(440), codec);
        for (var i = 0; i < 100; i++)
        {
            _world.Advance(TimeSpan.FromMilliseconds(20));
            seat.Read();
        }

        Assert.That(seat.Audio!.IsPassedThrough, Is.EqualTo(passes));
        Assert.That(seat.Frames, Has.Count.GreaterThan(95));
        foreach (var (one, next) in seat.Frames.Zip(seat.Frames.Skip(1)))
        {
            Assert.That(next.Number, Is.EqualTo((ushort)(one.Number + 1)));
            Assert.That(next.Time - one.Time, Is.EqualTo(960u));
        }

        Assert.That(seat.Frames[^1].Samples, Is.EqualTo(960));
        Assert.That(seat.Frames[^1].Level, Is.EqualTo(15).Within(1), "-12 dB of a sine");
        Assert.That(seat.Decoded().End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(20));
        Assert.That(seat.Lost, Is.Empty);
        Assert.That(_server.Rooms.Single(), Has.Property("Id").EqualTo("room1").And.Property("SampleRate").EqualTo(48_000));
    }

    [TestCase("opus")]
    [TestCase("PCMA")]
    public void SourcesAreHeard(string codec)
    {
        var voice = new ToneEndpoint(440) { IsSpeaking = false };
        var seat = Call("alice", voice, codec);
        using var low = seat.Audio!.AddSource("low")!;
        using var high = seat.Audio.AddSource("high")!;
        Say(100, (low, Tones.Packets(600)));
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(600).Snr, Is.GreaterThan(20), "one");
        Say(150, (low, Tones.Packets(600)), (high, Tones.Packets(1100)));
        var both = voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(600, 1100);
        Assert.That(both.Snr, Is.GreaterThan(18), "both");
        Assert.That(both.Levels[600], Is.EqualTo(both.Levels[1100]).Within(1));
        Assert.That((low.FramesLost, high.FramesLost), Is.EqualTo((0, 0)));
    }

    [Test]
    public void HostThatNeverReads_LosesTheOldest_AndIsTold()
    {
        _rooms.Options = new OpusSeatOptions { MaxUnread = TimeSpan.FromMilliseconds(200) };
        var seat = Call("alice", new ToneEndpoint(440), "opus");
        _world.Advance(TimeSpan.FromSeconds(3));

        Assert.That(seat.Audio!.FramesLost, Is.InRange(130, 145));
        Assert.That(seat.Lost, Has.Count.InRange(2, 4), "the first, and every fiftieth");
        Assert.That(seat.Lost[0], Is.EqualTo(1));
        seat.Read();
        Assert.That(seat.Frames, Has.Count.EqualTo(10), "200 ms");
        Assert.That(seat.Frames[^1].Number - seat.Frames[0].Number, Is.EqualTo(9), "the newest");
    }

    [Test]
    public void WhoWaits_IsWokenByAFrame_AndByTheEnd()
    {
        var voice = new ToneEndpoint(440) { IsSpeaking = false };
        var seat = Call("alice", voice, "PCMA");
        _world.Advance(TimeSpan.FromSeconds(1));
        var waiting = seat.Audio!.WaitToReadAsync().AsTask();
        _world.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(waiting.IsCompleted, Is.False, "nothing was said");
        voice.IsSpeaking = true;
        Assert.That(_world.Await(waiting), Is.True);
        voice.IsSpeaking = false;
        _world.Advance(TimeSpan.FromMilliseconds(500));
        seat.Read();
        using var cancelled = new CancellationTokenSource();
        var given = seat.Audio.WaitToReadAsync(cancelled.Token).AsTask();
        cancelled.Cancel();
        Assert.That(() => _world.Await(given), Throws.InstanceOf<OperationCanceledException>());

        var last = seat.Audio.WaitToReadAsync().AsTask();
        _world.Complete(_server.Calls.Single().HangUpAsync());
        Assert.That(_world.Await(last), Is.False);
        _world.RunUntil(() => seat.IsDisposed);
        Assert.That(seat.Audio.AddSource("late"), Is.Null);
    }

    [Test]
    public void Sources_HaveNames_AndAreBounded()
    {
        _rooms.Options = new OpusSeatOptions { MaxSources = 2 };
        var seat = Call("alice", new ToneEndpoint(440), "PCMA");
        var first = seat.Audio!.AddSource("a")!;
        using var second = seat.Audio.AddSource("b")!;
        Assert.That(() => seat.Audio.AddSource("a"), Throws.InvalidOperationException);
        Assert.That(() => seat.Audio.AddSource("c"), Throws.InvalidOperationException);
        Assert.That(() => seat.Audio.AddSource(""), Throws.ArgumentException);
        Assert.That(() => seat.Audio.AddSource(new string('x', 257)), Throws.ArgumentException);
        first.Dispose();
        first.Dispose();
        Assert.That(first.Push(new OpusFrame { SequenceNumber = 0, Timestamp = 0, Payload = Tones.Packets(600)[0] }), Is.False);
        using var again = seat.Audio.AddSource("a");
        Assert.That(again, Is.Not.Null);
        Assert.That(again!.Push(new OpusFrame { SequenceNumber = 0, Timestamp = 0, Payload = [] }), Is.False, "no Opus");
    }

    [Test]
    public void OptionsThatCantBe_AreRefusedWithASentence()
    {
        Assert.That(() => new OpusSeatOptions { MaxSpeakers = 17 }, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("from 1 to 16"));
        Assert.That(() => new OpusSeatOptions { MaxSpeakers = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new OpusSeatOptions { MaxSources = 1001 }, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("from 1 to 1000"));
        Assert.That(() => new OpusSeatOptions { MaxQueued = TimeSpan.FromMilliseconds(19) }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new OpusSeatOptions { MaxUnread = TimeSpan.FromSeconds(11) }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new OpusSeatOptions { Bitrate = 5999 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(OpusSeatOptions.Default, Is.EqualTo(new OpusSeatOptions { MaxSpeakers = 3, MaxSources = 16 }));
    }

    [Test]
    public void SeatThatThrows_LosesItsFrames_AndTheCallGoesOn()
    {
        _rooms.Handler = static (OpusHostSeat _, in OpusFrame _) => throw new InvalidOperationException("no");
        var voice = new ToneEndpoint(440);
        var seat = Call("alice", voice, "opus");
        using var source = seat.Audio!.AddSource("low")!;
        Say(100, (source, Tones.Packets(600)));
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(600).Snr, Is.GreaterThan(20));
        Assert.That(_server.Calls.Single().State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public void Mute_StopsWhatTheHostHears_AndAMoveTakesAnotherSeat()
    {
        var seat = Call("alice", new ToneEndpoint(440), "opus");
        var call = _server.Calls.Single();
        _world.Complete(call.MuteAsync(true));
        _world.Advance(TimeSpan.FromMilliseconds(200));
        seat.Read();
        seat.Frames.Clear();
        _world.Advance(TimeSpan.FromSeconds(1));
        seat.Read();
        Assert.That(seat.Frames, Is.Empty);
        _world.Complete(call.MuteAsync(false));

        Assert.That(_world.Await(call.MoveToRoomAsync("room2")), Is.EqualTo(CallCommandResult.Done));
        _world.RunUntil(() => seat.IsDisposed);
        var next = _rooms.Seats[1];
        _world.RunUntil(() => next.Audio is not null);
        _world.Advance(TimeSpan.FromMilliseconds(400));
        next.Read();
        Assert.That(next.Frames, Has.Count.InRange(17, 22));
        Assert.That(seat.Audio!.AddSource("late"), Is.Null);
    }

    /// <summary>While a call is recorded, streamed or played to, its phone is in the room by a door: the host hears it all the same.</summary>
    [TestCase("opus", false), TestCase("opus", true), TestCase("PCMA", false), TestCase("PCMA", true)]
    public void PhoneInItsBooth_IsHeardByTheHost(string codec, bool plays)
    {
        var seat = Call("alice", new ToneEndpoint(440), codec);
        var call = _server.Calls.Single();
        Run(100);
        var folder = Directory.CreateTempSubdirectory("seat");
        try
        {
            var recording = plays ? null : _world.Await(call.StartRecordingAsync(Path.Combine(folder.FullName, "call.wav")));
            var playing = plays
                ? call.PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(2)), new PlayOptions { OverRoom = true }) : null;
            Run(20);
            var before = seat.Frames.Count;
            Run(75);
            Assert.That(seat.Frames.Count - before, Is.EqualTo(75).Within(2), "it is heard");
            Assert.That(seat.Audio!.IsPassedThrough, Is.False);
            if (recording is not null)
                _world.Await(recording.StopAsync());
            else
                Assert.That(_world.Await(playing!).End, Is.EqualTo(PlayEnd.Finished));
            // The phone comes back when those who write the file have closed it.
            for (var i = 0; i < 500 && seat.Audio.IsPassedThrough != (codec == "opus"); i++)
                Run(2);
            seat.Read();
            before = seat.Frames.Count;
            Run(100);
            Assert.That(seat.Audio.IsPassedThrough, Is.EqualTo(codec == "opus"), "and as it is, again");
            Assert.That(seat.Frames.Count - before, Is.EqualTo(100).Within(1));
        }
        finally
        {
            _world.Complete(_server.StopAsync());
            folder.Delete(recursive: true);
        }

        foreach (var (one, next) in seat.Frames.Zip(seat.Frames.Skip(1)))
        {
            Assert.That(next.Number, Is.EqualTo((ushort)(one.Number + 1)), "one stream");
            Assert.That(next.Time - one.Time, Is.InRange(960u, 5 * 960u));
        }

        Assert.That(seat.Frames.Zip(seat.Frames.Skip(1)).Count(pair => pair.Second.Time - pair.First.Time != 960), Is.LessThanOrEqualTo(6));
        Assert.That(seat.Decoded().End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(20));

        void Run(int ticks)
        {
            for (var i = 0; i < ticks; i++)
            {
                _world.Advance(TimeSpan.FromMilliseconds(20));
                seat.Read();
            }
        }
    }

    /// <summary>Who stands for the phone takes no speaker's place from the host's sources.</summary>
    [Test]
    public void PhoneInItsBooth_HearsTheHost_WhileItTalks()
    {
        _rooms.Options = new OpusSeatOptions { MaxSpeakers = 1 };
        var voice = new ToneEndpoint(440);
        var seat = Call("alice", voice, "PCMA");
        using var low = seat.Audio!.AddSource("low")!;
        using var high = seat.Audio.AddSource("high")!;
        _ = _server.Calls.Single().PlayAsync(AudioClip.Silence(TimeSpan.FromSeconds(5)), new PlayOptions { OverRoom = true });
        Say(150, (low, Tones.Packets(600)));
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(600).Levels[600], Is.GreaterThan(-20));
    }

    /// <summary>Calls in, and gives the seat when it is connected.</summary>
    private OpusHostSeat Call(string user, ToneEndpoint audio, string codec)
    {
        var phone = _world.StartPhone(user, audio, codec);
        var call = _world.Await(phone.CallAsync("room1"));
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        var seat = _rooms.Seats[^1];
        _world.RunUntil(() => seat.Audio is not null);
        return seat;
    }

    private void Say(int frames, params (IOpusSource Source, byte[][] Packets)[] speakers)
    {
        for (var i = 0; i < frames; i++)
        {
            foreach (var (source, packets) in speakers)
                source.Push(new OpusFrame { SequenceNumber = (ushort)i, Timestamp = (uint)i * 960, Payload = packets[i % packets.Length] });
            _world.Advance(TimeSpan.FromMilliseconds(20));
        }
    }
}
