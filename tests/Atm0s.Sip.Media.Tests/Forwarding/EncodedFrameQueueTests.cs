using Atm0s.Sip.Media.Forwarding;

namespace Atm0s.Sip.Media.Tests.Forwarding;

/// <summary>Frames that wait, bounded in bytes and in time.</summary>
public sealed class EncodedFrameQueueTests
{
    private readonly byte[] _buffer = new byte[EncodedFrame.MaxBytes];

    [Test]
    public void Frames_ComeOutAsTheyWentIn()
    {
        var queue = new EncodedFrameQueue(TimeSpan.FromMilliseconds(200));
        queue.Write(
            new EncodedFrame { SequenceNumber = 7, Timestamp = 960, Samples = 480, Level = 30, HasVoice = true, Payload = [1, 2, 3] },
            TimeSpan.FromSeconds(4));
        queue.Write(new EncodedFrame { SequenceNumber = 8, Timestamp = 1440, Samples = 480, Payload = [] }, default);
        Assert.That(queue.Count, Is.EqualTo(2));

        Assert.That(queue.TryRead(_buffer, out var frame, out var time), Is.True);
        Assert.That((frame.SequenceNumber, frame.Timestamp, frame.Samples, frame.Level, frame.HasVoice), Is.EqualTo((7, 960u, 480, 30, true)));
        Assert.That(frame.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(time, Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(queue.TryRead(_buffer, out frame, out _) && frame is { Level: null, HasVoice: false, Payload.Length: 0 }, Is.True);
        Assert.That(queue.TryRead(_buffer, out _, out _), Is.False);
        Assert.That(queue.Lost, Is.Zero);
    }

    [TestCase(960, 60, 10, TestName = "200 ms of 20 ms")]
    [TestCase(480, 60, 20, TestName = "200 ms of 10 ms")]
    [TestCase(120, 3, 31, TestName = "Frames of 2.5 ms: as many as there are places, but one")]
    [TestCase(120, 1400, 11, TestName = "16 kB of 1,400 bytes")]
    public void TooMany_CostTheOldest(int samples, int bytes, int kept)
    {
        var queue = new EncodedFrameQueue(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 1000; i++)
            Put(queue, i, samples, bytes);

        Assert.That(queue.Count, Is.EqualTo(kept).Within(1));
        Assert.That(queue.Lost, Is.EqualTo(1000 - queue.Count));
        for (var i = 1000 - queue.Count; i < 1000; i++)
        {
            Assert.That(queue.TryRead(_buffer, out var frame, out _), Is.True);
            Assert.That((frame.SequenceNumber, frame.Payload.Length), Is.EqualTo((i, bytes)));
            Assert.That(frame.Payload.IndexOfAnyExcept((byte)i), Is.LessThan(0));
        }
    }

    [Test]
    public void FrameThatIsTooLong_IsNotTaken()
    {
        var queue = new EncodedFrameQueue(TimeSpan.FromMilliseconds(200));
        Put(queue, 1, 960, 60);
        Assert.That(queue.Write(new EncodedFrame { SequenceNumber = 2, Timestamp = 0, Samples = 960, Payload = new byte[1501] }, default), Is.False);
        Assert.That(queue.Count, Is.EqualTo(1));
        Assert.That(() => queue.TryRead(new byte[1499], out _, out _), Throws.ArgumentException);
        Assert.That(() => new EncodedFrameQueue(TimeSpan.FromMilliseconds(19)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new EncodedFrameQueue(TimeSpan.FromSeconds(11)), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void WriterAndReaderAtOnce_LoseOnlyWhatIsTooMuch_AndNeverMixFrames()
    {
        const int Frames = 300_000;
        var queue = new EncodedFrameQueue(TimeSpan.FromMilliseconds(100));
        var writer = new Thread(() =>
        {
            for (var i = 0; i < Frames; i++)
                Put(queue, i, 960, 1 + (i % 97));
        });
        writer.Start();
        var (read, last) = (0L, -1L);
        while (writer.IsAlive || queue.Count > 0)
        {
            if (!queue.TryRead(_buffer, out var frame, out var time))
                continue;
            read++;
            if (time.Ticks <= last || frame.SequenceNumber != (ushort)time.Ticks || frame.Payload.Length != 1 + (time.Ticks % 97)
                || frame.Payload.IndexOfAnyExcept((byte)time.Ticks) >= 0)
                Assert.Fail($"frame {time.Ticks} is not what was written");
            last = time.Ticks;
        }

        Assert.That(read + queue.Lost, Is.EqualTo(Frames));
        Assert.That(last, Is.EqualTo(Frames - 1));
    }

    [Test]
    public void PutAndTaken_AllocatesNothing()
    {
        var queue = new EncodedFrameQueue(TimeSpan.FromMilliseconds(100));
        Assert.That(AllocationMeter.Measure(() =>
        {
            for (var i = 0; i < 9; i++)
                Put(queue, i, 960, 80);
            queue.TryRead(_buffer, out _, out _);
        }), Is.Zero);
    }

    private static void Put(EncodedFrameQueue queue, int number, int samples, int bytes)
    {
        Span<byte> payload = stackalloc byte[bytes];
        payload.Fill((byte)number);
        queue.Write(
            new EncodedFrame { SequenceNumber = (ushort)number, Timestamp = 0, Samples = samples, Payload = payload }, TimeSpan.FromTicks(number));
    }
}
