using System.Buffers.Binary;
using Atm0s.Sip.Recordings;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Tests.Recordings;

/// <summary>Calls and rooms in files.</summary>
[SingleThreaded]
public sealed class RecordingTests
{
    private VirtualWorld _world = null!;
    private SipServer _server = null!;
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _server = _world.StartServer(new TestHost().Handlers);
        _folder = Directory.CreateTempSubdirectory();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _world.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Test]
    public void CallOfTenMinutes_HasBothDirections_InLengthAndPlace([Values("call.wav", "call.ogg")] string name)
    {
        var (alice, bob) = (new ToneEndpoint(440), new ToneEndpoint(880));
        var call = Call("alice", alice);
        Call("bob", bob);
        _world.Advance(TimeSpan.FromSeconds(1));
        var recording = Record(call, name, new RecordingOptions { SampleRate = 8000 });
        var begun = _world.Time.GetUtcNow();
        _world.Advance(TimeSpan.FromSeconds(2));
        // Both fall silent for a moment, as one does who speaks and hears himself: a step in both channels.
        FallSilent();
        _world.Advance(TimeSpan.FromSeconds(595));
        FallSilent();
        _world.Advance(TimeSpan.FromSeconds(1));
        var lasted = _world.Time.GetUtcNow() - begun;
        Assert.That(_world.Await(recording.StopAsync()), Is.EqualTo(RecordingEnd.Stopped));

        var (said, heard) = name == "call.wav" ? Channels(recording.Path) : OpusChannels(recording.Path);
        Assert.That(said.Duration, Is.EqualTo(lasted).Within(TimeSpan.FromMilliseconds(20)));
        Assert.That(said.Duration, Is.EqualTo(heard.Duration));
        Assert.That(said.End(TimeSpan.FromSeconds(100)).Body(TimeSpan.FromSeconds(10)).StrongestFrequency(), Is.EqualTo(440).Within(1));
        Assert.That(heard.End(TimeSpan.FromSeconds(100)).Body(TimeSpan.FromSeconds(10)).StrongestFrequency(), Is.EqualTo(880).Within(1));
        Assert.That(recording.Lost, Is.EqualTo(TimeSpan.Zero));
        Assert.That(recording.State, Is.EqualTo(RecordingState.Ended));
        // What bob says goes over his leg and the room on its way to alice: 40 ms more than what she says herself, at most. That is the
        // same at the beginning and ten minutes later.
        var (first, last) = (Apart(0), Apart(^1));
        Assert.That(Math.Abs(first.TotalMilliseconds), Is.LessThanOrEqualTo(40));
        Assert.That((last - first).TotalMilliseconds, Is.InRange(-10, 10));
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(alice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30), "they go on without it");

        void FallSilent()
        {
            alice.IsSpeaking = bob.IsSpeaking = false;
            _world.Advance(TimeSpan.FromSeconds(1));
            alice.IsSpeaking = bob.IsSpeaking = true;
        }

        TimeSpan Apart(Index silence) => Gaps(heard)[silence].Start - Gaps(said)[silence].Start;

        static IReadOnlyList<SilenceGap> Gaps(WavFile audio) => audio.Gaps(TimeSpan.FromMilliseconds(500));
    }

    [Test]
    public void BothChannels_AreAligned_ToTheSample()
    {
        // The same frame in both directions of a tick stands at the same place.
        var work = new RecordingWork(
            () => new WavRecording(new FileStream(Path.Combine(_folder.FullName, "a.wav"), FileMode.Create), 8000, 2),
            8000, 2, false, new RecordingOptions { SampleRate = 8000 }, _world.Scheduler, _ => { });
        var random = new Random(1);
        var frame = new short[160];
        for (var i = 0; i < 100; i++)
        {
            for (var n = 0; n < frame.Length; n++)
                frame[n] = (short)random.Next(short.MinValue, short.MaxValue);
            work.Feed.OnFrame(frame, frame);
            _world.Scheduler.RunUntilIdle();
        }

        work.Stop(RecordingEnd.Stopped);
        _world.Scheduler.RunUntilIdle();
        var (said, heard) = Channels(Path.Combine(_folder.FullName, "a.wav"));
        Assert.That(said.Samples, Is.EqualTo(heard.Samples));
        Assert.That(said.Samples, Has.Length.EqualTo(16_000));
    }

    [Test]
    public void Room_IsRecordedAsOne([Values("room.wav", "room.ogg")] string name)
    {
        Call("alice", new ToneEndpoint(440));
        Call("bob", new ToneEndpoint(880));
        var recording = _world.Await(_server.StartRecordingAsync("room1", Path.Combine(_folder.FullName, name)))!;
        Assert.That(_server.Rooms.Single().Members, Is.EqualTo(2), "a recording is no member");
        _world.Advance(TimeSpan.FromSeconds(4));
        Assert.That(_world.Await(recording.StopAsync()), Is.EqualTo(RecordingEnd.Stopped));
        var clip = AudioClip.FromFile(File.ReadAllBytes(recording.Path));
        Assert.That(clip.Duration, Is.EqualTo(TimeSpan.FromSeconds(4)).Within(TimeSpan.FromMilliseconds(40)));
        var levels = Sounds.AudioClipTests.ToWav(clip).End(TimeSpan.FromSeconds(2)).Measure(440, 880).Levels;
        Assert.That(levels[440], Is.GreaterThan(-20));
        Assert.That(levels[880], Is.GreaterThan(-20));
    }

    [Test]
    public void RoomThatCloses_EndsItsRecording_AndACallThatEndsItsOwn()
    {
        var alice = CallFrom("alice", new ToneEndpoint(440));
        var room = _world.Await(_server.StartRecordingAsync("room1", Path.Combine(_folder.FullName, "room.wav")))!;
        var call = Record(_server.Calls.Single(), "call.wav");
        Assert.That(_server.Recordings, Has.Count.EqualTo(2));
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(alice.HangUpAsync());
        Assert.That(_world.Await(room.Ended), Is.EqualTo(RecordingEnd.Ended));
        Assert.That(_world.Await(call.Ended), Is.EqualTo(RecordingEnd.Ended));
        Assert.That(_server.Recordings, Is.Empty);
        Assert.That(_world.Await(_server.StartRecordingAsync("room1", Path.Combine(_folder.FullName, "none.wav"))), Is.Null);
    }

    [Test]
    public void Pause_LeavesItsTimeOut()
    {
        var call = Call("alice", new ToneEndpoint(440));
        var recording = Record(call, "call.wav", new RecordingOptions { TwoChannels = false });
        _world.Advance(TimeSpan.FromSeconds(1));
        recording.Pause();
        Assert.That(recording.State, Is.EqualTo(RecordingState.Paused));
        _world.Advance(TimeSpan.FromSeconds(5));
        recording.Resume();
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(recording.StopAsync());
        Assert.That(WavFile.Read(recording.Path).Duration, Is.EqualTo(TimeSpan.FromSeconds(2)).Within(TimeSpan.FromMilliseconds(60)));
    }

    [Test]
    public void FileThatIsBeingWritten_IsWhole_UpToTheLastSecond()
    {
        var call = Call("alice", new ToneEndpoint(440));
        var recording = Record(call, "call.wav");
        _world.Advance(TimeSpan.FromSeconds(5));
        // What a kill leaves behind: the head tells the truth, and a reader that goes by it finds whole samples.
        var file = ReadShared(recording.Path);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(40));
        Assert.That(length, Is.InRange(16_000 * 4 * 3.5, file.Length - 44));
        Assert.That(length % 4, Is.EqualTo(0));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4)), Is.EqualTo(length + 36));
    }

    [Test]
    public void DiskThatIsFull_EndsTheRecording_AndTheCallGoesOn()
    {
        var events = _server.WatchAsync().GetAsyncEnumerator();
        var voice = new ToneEndpoint(440);
        var call = Call("alice", voice);
        Call("bob", new ToneEndpoint(880));
        if (!File.Exists("/dev/full"))
            Assert.Ignore("needs /dev/full");
        var recording = _world.Await(call.StartRecordingAsync("/dev/full"))!;
        _world.RunUntil(() => recording.Ended.IsCompleted);
        Assert.That(recording.Ended.Result, Is.EqualTo(RecordingEnd.DiskFull));
        // The call is told on the thread pool, and leaves its booth then: within this second or the next.
        Assert.That(_server.Parts.Calls.TryGet(call.Id, out var recorded), Is.True);
        _world.RunUntil(() => !recorded!.Booth.IsOpen);
        _world.Advance(TimeSpan.FromSeconds(2));
        Assert.That(voice.Recording.End(TimeSpan.FromSeconds(1)).Measure(880).Snr, Is.GreaterThan(30));
        while (true)
        {
            Assert.That(_world.Await(events.MoveNextAsync().AsTask()), Is.True);
            if (events.Current is SipServerEvent.Recording { Info.End: { } end })
            {
                Assert.That(end, Is.EqualTo(RecordingEnd.DiskFull));
                break;
            }
        }
    }

    [Test]
    public void FileThatCantBeMade_IsSaid()
    {
        var call = Call("alice", new ToneEndpoint(440));
        Assert.That(() => _world.Await(call.StartRecordingAsync(Path.Combine(_folder.FullName, "none", "a.wav"))),
            Throws.InstanceOf<IOException>());
    }

    [Test]
    public void FileOfARecordingThatCantBegin_KeepsWhatItHas_AndNoneIsLeftBehind()
    {
        var call = Call("alice", new ToneEndpoint(440));
        _world.Complete(call.HoldAsync());
        var (kept, none) = (Path.Combine(_folder.FullName, "kept.wav"), Path.Combine(_folder.FullName, "none.wav"));
        File.WriteAllText(kept, "of yesterday");
        Assert.That(_world.Await(call.StartRecordingAsync(kept)), Is.Null);
        Assert.That(_world.Await(call.StartRecordingAsync(none)), Is.Null);
        Assert.That(File.ReadAllText(kept), Is.EqualTo("of yesterday"));
        Assert.That(File.Exists(none), Is.False);
    }

    [Test]
    public void FileOfARoomWithTooMuchInIt_KeepsWhatItHas_AndNobodyHearsOfARecording()
    {
        Call("alice", new ToneEndpoint(440));
        var events = _server.WatchAsync().GetAsyncEnumerator();
        for (var i = 0; i < 32; i++)
            _ = _server.PlayAsync("room1", AudioClip.Silence(TimeSpan.FromMinutes(1)));
        var kept = Path.Combine(_folder.FullName, "kept.wav");
        File.WriteAllText(kept, "of yesterday");
        Assert.That(_world.Await(_server.StartRecordingAsync("room1", kept)), Is.Null);
        Assert.That(File.ReadAllText(kept), Is.EqualTo("of yesterday"));
        Assert.That(_server.Recordings, Is.Empty);
        var next = events.MoveNextAsync().AsTask();
        _world.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(next.IsCompleted && events.Current is SipServerEvent.Recording, Is.False);
        Assert.That(() => File.Open(kept, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(), Throws.Nothing);
    }

    [Test]
    public void FileThatIsBeingRecordedInto_IsNobodyElses()
    {
        var call = Call("alice", new ToneEndpoint(440));
        var first = Record(call, "one.wav", new RecordingOptions { SampleRate = 8000, TwoChannels = false });
        var twice = Path.Combine(_folder.FullName, ".", "one.wav");
        Assert.That(() => _world.Await(call.StartRecordingAsync(twice)), Throws.InstanceOf<IOException>().With.Message.Contains("already"));
        Assert.That(() => _world.Await(_server.StartRecordingAsync("room1", twice)), Throws.InstanceOf<IOException>());
        _world.Advance(TimeSpan.FromSeconds(2));
        _world.Complete(first.StopAsync());
        var wav = WavFile.Read(first.Path);
        Assert.That(wav.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)).Within(TimeSpan.FromMilliseconds(60)));
        Assert.That(wav.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(30));

        var next = Record(call, "one.wav");
        _world.Complete(next.StopAsync());
    }

    [Test]
    public void EmptyFileThatWasThere_IsNotTakenAway_WhenNothingIsRecorded()
    {
        var call = Call("alice", new ToneEndpoint(440));
        _world.Complete(call.HoldAsync());
        var path = Path.Combine(_folder.FullName, "mine.wav");
        File.WriteAllBytes(path, []);
        Assert.That(_world.Await(call.StartRecordingAsync(path)), Is.Null);
        Assert.That(File.Exists(path), Is.True);
        Assert.That(_world.Await(call.StartRecordingAsync(path)), Is.Null, "it is free again");
    }

    [TestCase(RecordingFormat.Wav)]
    [TestCase(RecordingFormat.OggOpus)]
    public void FileWhoseHeadDoesNotFit_IsClosed(RecordingFormat format)
    {
        if (!File.Exists("/dev/full"))
            Assert.Ignore("needs /dev/full");
        var call = Call("alice", new ToneEndpoint(440));
        for (var i = 0; i < 2; i++)
        {
            var recording = _world.Await(call.StartRecordingAsync("/dev/full", new RecordingOptions { Format = format }))!;
            _world.RunUntil(() => recording.Ended.IsCompleted);
            Assert.That(recording.Ended.Result, Is.EqualTo(RecordingEnd.DiskFull));
        }
    }

    [Test]
    public void FileThatIsThere_IsReplaced()
    {
        var path = Path.Combine(_folder.FullName, "call.wav");
        File.WriteAllBytes(path, new byte[1_000_000]);
        var recording = Record(Call("alice", new ToneEndpoint(440)), "call.wav");
        _world.Advance(TimeSpan.FromSeconds(1));
        _world.Complete(recording.StopAsync());
        Assert.That(new FileInfo(path).Length, Is.LessThan(200_000));
    }

    [Test]
    public void WhateverAnEncoderOrAListenerThrows_EndsTheRecordingAlone()
    {
        using var disk = new DiskScheduler();
        var work = new RecordingWork(
            () => throw new InvalidOperationException("of an encoder"),
            8000, 1, false, new RecordingOptions { SampleRate = 8000 }, disk, _ => throw new InvalidOperationException("of a listener"));
        work.Wake();
        Assert.That(work.Ended.Wait(TimeSpan.FromSeconds(10)), Is.True);
        Assert.That((work.Ended.Result, work.Failure!.Message), Is.EqualTo((RecordingEnd.Failed, "of an encoder")));
    }

    [Test]
    public void RecordingThatBeginsWhileTheServerStops_Ends()
    {
        var disk = new DiskScheduler();
        disk.Dispose();
        var path = Path.Combine(_folder.FullName, "late.wav");
        var work = new RecordingWork(
            () => new WavRecording(new FileStream(path, FileMode.Create), 8000, 1),
            8000, 1, false, new RecordingOptions { SampleRate = 8000 }, disk, _ => { });
        work.Stop(RecordingEnd.Ended);
        Assert.That(work.Ended.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void CoachWhoIsRecorded_IsHeardByTheOneCoachedAlone([Values] bool isRuledFirst, [Values] bool isCoachedRecorded)
    {
        var (anna, ben) = (new ToneEndpoint(440), new ToneEndpoint(880));
        var (agent, customer) = (Call("anna", anna), Call("ben", ben));
        var coach = Call("coach", new ToneEndpoint(1300));
        if (isCoachedRecorded)
            Record(agent, "agent.wav");
        var rule = new Atm0s.Sip.Media.Mixing.MemberRule { HeardBy = new HashSet<object> { agent } };
        if (isRuledFirst)
            _world.Complete(coach.SetRuleAsync(rule));
        var recording = Record(coach, "coach.wav");
        if (!isRuledFirst)
            _world.Complete(coach.SetRuleAsync(rule));
        AssertHeard();
        _world.Complete(recording.StopAsync());
        AssertHeard();
        Assert.That(customer.State, Is.EqualTo(CallState.Answered));

        void AssertHeard()
        {
            _world.Advance(TimeSpan.FromSeconds(3));
            Assert.That(anna.Recording.End(TimeSpan.FromSeconds(1)).Measure(1300).Levels[1300], Is.GreaterThan(-30));
            Assert.That(ben.Recording.End(TimeSpan.FromSeconds(1)).Measure(1300).Levels[1300], Is.LessThan(-50));
        }
    }

    [Test]
    public void SlowDisk_LosesSoundButNoTime()
    {
        var scheduler = new ManualScheduler();
        var path = Path.Combine(_folder.FullName, "slow.wav");
        var work = new RecordingWork(
            () => new WavRecording(new FileStream(path, FileMode.Create), 8000, 1),
            8000, 1, false, new RecordingOptions { SampleRate = 8000, MaxWaiting = TimeSpan.FromSeconds(1) }, scheduler, _ => { });
        var frame = Enumerable.Repeat((short)1000, 160).ToArray();
        for (var i = 0; i < 200; i++)
            work.Feed.Write(frame);
        Assert.That(work.Feed.Lost, Is.EqualTo(TimeSpan.FromSeconds(3)));
        scheduler.RunUntilIdle();
        work.Feed.Write(frame);
        work.Stop(RecordingEnd.Stopped);
        scheduler.RunUntilIdle();
        var wav = WavFile.Read(path);
        Assert.That(wav.Duration, Is.EqualTo(TimeSpan.FromSeconds(4.02)));
        Assert.That(wav.Samples.AsSpan(8000, 24_000).ToArray(), Is.All.EqualTo(0f));
    }

    [Test]
    public void Frames_AllocateNothing()
    {
        var feed = new RecordingFeed(16_000, 2, false, TimeSpan.FromSeconds(1), static () => { });
        var (frame, slot) = (new short[320], new short[640]);
        feed.OnFrame(frame, frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
        {
            feed.OnFrame(frame, frame);
            feed.TryTake(slot, out _);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.EqualTo(0));
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static (WavFile Said, WavFile Heard) OpusChannels(string path)
    {
        var clip = AudioClip.FromFile(ReadShared(path));
        var decoded = OpusRecordingTests.Channels(ReadShared(path), 2);
        // What is before the beginning and after the end is not played (RFC 7845 §4.2).
        return (Played(decoded[0]), Played(decoded[1]));

        WavFile Played(WavFile audio) => audio with { Samples = audio.Samples[312..(312 + (int)(clip.Duration.TotalSeconds * 48_000))] };
    }

    internal static (WavFile Said, WavFile Heard) Channels(string path)
    {
        var file = ReadShared(path);
        var rate = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(24));
        var (said, heard) = (new float[(file.Length - 44) / 4], new float[(file.Length - 44) / 4]);
        for (var i = 0; i < said.Length; i++)
        {
            said[i] = BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(44 + (i * 4))) / 32768f;
            heard[i] = BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(46 + (i * 4))) / 32768f;
        }

        return (new WavFile(rate, said), new WavFile(rate, heard));
    }

    private Recording Record(ISipCall call, string name, RecordingOptions? options = null) =>
        _world.Await(call.StartRecordingAsync(Path.Combine(_folder.FullName, name), options))!;

    private ISipCall CallFrom(string user, ToneEndpoint voice)
    {
        var call = _world.Await(_world.StartPhone(user, voice).CallAsync("room1"));
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        return call;
    }

    private ISipCall Call(string user, ToneEndpoint voice)
    {
        CallFrom(user, voice);
        return _server.Calls.Single(c => c.Info.From == user);
    }
}
