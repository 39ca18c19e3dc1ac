using Atm0s.Sip.Bots;
using Atm0s.Sip.Recordings;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.Watching;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Tests.Recordings;

/// <summary>Disks that do not answer, or are full in the middle of a file.</summary>
public sealed class HungDiskTests
{
    private readonly FakeTimeProvider _time = new();

    private DirectoryInfo _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory();

    [TearDown]
    public void TearDown() => _folder.Delete(recursive: true);

    [Test]
    public void EndOfARecording_IsNotWaitedForWithoutEnd_AndTheFileIsClosedAllTheSame()
    {
        var disk = new ManualScheduler(); // hangs until it is run
        var path = Path.Combine(_folder.FullName, "a.wav");
        var told = 0;
        var work = new RecordingWork(
            () => new WavRecording(new FileStream(path, FileMode.Create), 8000, 1),
            8000, 1, false, new RecordingOptions { SampleRate = 8000 }, disk, _ => told++, _time);
        work.Feed.Write(new short[160]);
        work.Stop(RecordingEnd.Stopped);
        Assert.That(work.Ended.IsCompleted, Is.False);
        _time.Advance(RecordingWork.Patience);
        Assert.That((work.Ended.IsCompleted, work.Ended.Result, told), Is.EqualTo((true, RecordingEnd.Failed, 1)));
        Assert.That(work.Failure, Is.InstanceOf<IOException>());

        disk.RunUntilIdle();
        Assert.That(told, Is.EqualTo(1), "it was over before");
        Assert.That(WavFile.Read(path).Duration, Is.EqualTo(TimeSpan.FromMilliseconds(20)));
        Assert.That(() => File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(), Throws.Nothing);
    }

    [Test]
    public void BeginningOfARecording_IsNotWaitedForWithoutEnd_AndNothingIsLeftBehind()
    {
        var disk = new ManualScheduler();
        using var recordings = new RecordingDirectory(null!, disk, new EventHub(), _time, NullLogger.Instance);
        var started = new TaskCompletionSource<Recording?>();
        var path = Path.Combine(_folder.FullName, "a.wav");
        recordings.CreateFile(path, started, _ => Assert.Fail("nobody waits for it"));
        _time.Advance(RecordingWork.Patience);
        Assert.That(() => started.Task.GetAwaiter().GetResult(), Throws.InstanceOf<IOException>());
        disk.RunUntilIdle();
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void DisksThatHoldTheThreads_DoNotHoldTheOthers()
    {
        using var disk = new DiskScheduler(time: _time);
        using var hangs = new ManualResetEventSlim();
        using var holding = new CountdownEvent(2);
        using var written = new ManualResetEventSlim();
        for (var i = 0; i < 2; i++)
        {
            disk.Schedule(new PostedWork(() =>
            {
                holding.Signal();
                hangs.Wait();
            }));
        }

        Assert.That(holding.Wait(TimeSpan.FromSeconds(30)), Is.True);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        disk.Schedule(new PostedWork(written.Set));
        var isWritten = written.Wait(TimeSpan.FromSeconds(30));
        hangs.Set();
        Assert.That(isWritten, Is.True);
    }

    // A disk that fills up while it is written to: what is there stays, the others do not notice.
    [Test]
    public void DiskThatFillsUp_EndsThatRecordingAlone_AndWhatIsThereIsWhole([Values(false, true)] bool isOpus)
    {
        var disk = new ManualScheduler();
        var full = new FullStream(isOpus ? 12_000 : 40_000);
        var path = Path.Combine(_folder.FullName, "other.wav");
        var options = new RecordingOptions { SampleRate = 8000 };
        var work = new RecordingWork(
            () => isOpus ? new OpusRecording(full, 8000, 1, 7) : new WavRecording(full, 8000, 1), 8000, 1, false, options, disk, _ => { }, _time);
        var other = new RecordingWork(
            () => new WavRecording(new FileStream(path, FileMode.Create), 8000, 1), 8000, 1, false, options, disk, _ => { }, _time);
        var tone = Bots.BotTests.Tone(440, 8000, 10);
        for (var i = 0; i < 500; i++)
        {
            work.Feed.Write(tone.AsSpan(i * 160, 160));
            other.Feed.Write(tone.AsSpan(i * 160, 160));
            disk.RunUntilIdle();
        }

        Assert.That(work.Ended.Result, Is.EqualTo(RecordingEnd.DiskFull));
        var clip = AudioClip.FromFile(full.ToArray());
        Assert.That(clip.Duration, Is.GreaterThan(TimeSpan.FromSeconds(1)).And.LessThan(TimeSpan.FromSeconds(9)));
        other.Stop(RecordingEnd.Stopped);
        disk.RunUntilIdle();
        Assert.That((other.Ended.Result, other.Feed.Lost), Is.EqualTo((RecordingEnd.Stopped, TimeSpan.Zero)));
        Assert.That(WavFile.Read(path).Duration, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    /// <summary>Takes so many bytes, then says ENOSPC as Linux does.</summary>
    private sealed class FullStream(int capacity) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Position + count > capacity)
                throw new IOException("No space left on device", 28);
            base.Write(buffer, offset, count);
        }
    }
}
