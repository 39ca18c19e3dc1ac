using Atm0s.Sip.Bots;
using Atm0s.Sip.TestKit;

namespace Atm0s.Sip.Tests.Bots;

/// <summary>A bot as its room sees it: frames in and out on the tick.</summary>
public sealed class BotPortTests
{
    [Test]
    public void Frames_AllocateNothing([Values(8000, 16_000, 24_000, 48_000)] int rate)
    {
        var port = NewPort(rate);
        var frame = new short[port.SampleRate / 50];
        port.Speech.Write(new short[rate]);
        for (var i = 0; i < 200; i++)
            Tick(port, frame);
        port.Speech.Write(new short[rate]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
            Tick(port, frame);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.EqualTo(0));
    }

    [Test]
    public void WordThatEnds_DoesNotClick()
    {
        var port = NewPort(8000);
        port.Speech.Write([.. Enumerable.Repeat((short)8000, 240)]);
        var frame = new short[160];
        Assert.That(port.Read(frame), Is.True);
        Assert.That(frame, Is.All.EqualTo(8000));
        Assert.That(port.Read(frame), Is.True);
        var largest = 0;
        for (var i = 1; i < frame.Length; i++)
            largest = Math.Max(largest, Math.Abs(frame[i] - frame[i - 1]));
        Assert.That(largest, Is.LessThanOrEqualTo(400), "a step");
        Assert.That(frame[^1], Is.EqualTo(0));
        Assert.That(port.Read(frame), Is.False);
    }

    [Test]
    public void Queue_KeepsEverySample_WhileItGrows()
    {
        var queue = new SpeechQueue(100_000);
        var (next, expected) = (0, 0);
        var random = new Random(1);
        var frame = new short[160];
        while (expected < 300_000)
        {
            var samples = new short[random.Next(1, 3000)];
            for (var i = 0; i < samples.Length; i++)
                samples[i] = (short)(next + i);
            next += queue.Write(samples);
            for (var n = random.Next(0, 20); n > 0; n--)
            {
                var count = queue.Read(frame);
                for (var i = 0; i < count; i++)
                    Assert.That(frame[i], Is.EqualTo((short)expected++));
            }
        }
    }

    [Test]
    public void Queue_LosesNothing_BetweenThreads_AndFlushesExactly()
    {
        var queue = new SpeechQueue(10_000);
        long read = 0;
        var stop = false;
        var reader = new Thread(() =>
        {
            var frame = new short[160];
            while (!Volatile.Read(ref stop))
                read += queue.Read(frame);
        });
        reader.Start();
        long written = 0, dropped = 0;
        for (var i = 0; i < 20_000; i++)
        {
            written += queue.Write(new short[i % 500]);
            if (i % 100 == 0)
                dropped += queue.Flush().Dropped;
        }

        SpinWait.SpinUntil(() => queue.Count == 0, 10_000);
        Volatile.Write(ref stop, true);
        reader.Join();
        Assert.That(read + dropped, Is.EqualTo(written));
    }

    [Test]
    public void Marks_AreAnsweredInOrder_WhenHeardOrDropped()
    {
        var scheduler = new ManualScheduler();
        var port = new BotPort(8000, 8000, new RoomBotOptions { SampleRate = 8000 }, scheduler, _ => { });
        var answers = new List<string>();
        port.Speech.Write(new short[160]);
        port.Work.Mark(heard => answers.Add($"first {heard}"));
        port.Speech.Write(new short[320]);
        port.Work.Mark(heard => answers.Add($"second {heard}"));
        port.Work.Mark(heard => answers.Add($"third {heard}"));
        scheduler.RunUntilIdle();
        Assert.That(answers, Is.Empty);
        var frame = new short[160];
        port.Read(frame);
        scheduler.RunUntilIdle();
        Assert.That(answers, Is.EqualTo(new[] { "first True" }));
        port.Read(frame);
        port.Work.Flush();
        scheduler.RunUntilIdle();
        Assert.That(answers, Is.EqualTo(new[] { "first True", "second False", "third False" }));
        port.Work.Mark(heard => answers.Add($"fourth {heard}"));
        scheduler.RunUntilIdle();
        Assert.That(answers[^1], Is.EqualTo("fourth True"));
    }

    /// <summary>Who asks too late, between the dropping and his question, is not told that all was heard.</summary>
    [TestCase(true), TestCase(false)]
    public void WhatWasDroppedBeforeItWasAsked_WasNotHeard(bool leaves)
    {
        var scheduler = new ManualScheduler();
        var port = new BotPort(8000, 8000, new RoomBotOptions { SampleRate = 8000 }, scheduler, _ => { });
        port.Speech.Write(new short[1600]);
        port.Read(new short[160]);
        if (leaves)
            port.Work.End();
        else
            port.Work.Flush();
        for (var i = 0; i < 2; i++)
        {
            var asked = port.Work.WhenHeardAsync();
            scheduler.RunUntilIdle();
            Assert.That(asked.Result, Is.False);
        }

        if (leaves)
            return;
        port.Speech.Write(new short[160]);
        var next = port.Work.WhenHeardAsync();
        port.Read(new short[160]);
        scheduler.RunUntilIdle();
        Assert.That(next.Result, Is.True, "what is said afterwards is heard");
    }

    [Test]
    public void MemoryOfWhatWasSaid_IsGivenBack([Values] bool flushes)
    {
        var scheduler = new ManualScheduler();
        var options = new RoomBotOptions { SampleRate = 8000, MaxQueued = TimeSpan.FromMinutes(10) };
        var port = new BotPort(8000, 8000, options, scheduler, _ => { });
        var small = port.Speech.Reserved;
        port.Speech.Write(new short[8000 * 600]);
        Assert.That(port.Speech.Reserved, Is.GreaterThan(8000 * 600));
        if (flushes)
            port.Work.Flush();
        var frame = new short[160];
        while (port.Speech.Count > 0)
            port.Read(frame);
        scheduler.RunUntilIdle();
        Assert.That(port.Speech.Reserved, Is.EqualTo(small));
        Assert.That(port.Speech.Write([.. Enumerable.Repeat((short)8000, 160)]), Is.EqualTo(160));
        port.Read(frame);
        Assert.That(frame, Is.All.EqualTo(8000));
    }

    [Test]
    public void News_KeepTheirOrder_AndTheOldestIsLost()
    {
        var news = new BotNews(4);
        news.Add(new RoomBotEvent.Digit('1', TimeSpan.Zero));
        news.SetTalking(true);
        for (var key = '2'; key <= '6'; key++)
            news.Add(new RoomBotEvent.Digit(key, TimeSpan.Zero));
        var told = "";
        while (news.TryTake(out var what))
            told += what is RoomBotEvent.Digit digit ? digit.Key : 't';
        Assert.That(told, Is.EqualTo("t3456"), "1 and 2 are the oldest");

        news.Add(new RoomBotEvent.Digit('7', TimeSpan.Zero));
        news.SetTalking(false);
        news.Add(new RoomBotEvent.Digit('8', TimeSpan.Zero));
        told = "";
        while (news.TryTake(out var what))
            told += what is RoomBotEvent.Digit digit ? digit.Key : 't';
        Assert.That(told, Is.EqualTo("7t8"));
    }

    [Test]
    public void WhoAsksAgain_BeforeMoreIsSaid_WaitsForTheSame()
    {
        var scheduler = new ManualScheduler();
        var port = new BotPort(8000, 8000, new RoomBotOptions { SampleRate = 8000 }, scheduler, _ => { });
        port.Speech.Write(new short[160]);
        var first = port.Work.WhenHeardAsync();
        for (var i = 0; i < 1000; i++)
            Assert.That(port.Work.WhenHeardAsync(), Is.SameAs(first));
        port.Speech.Write(new short[160]);
        var second = port.Work.WhenHeardAsync();
        Assert.That(second, Is.Not.SameAs(first));
        port.Read(new short[160]);
        scheduler.RunUntilIdle();
        Assert.That((first.IsCompleted, second.IsCompleted), Is.EqualTo((true, false)));
        port.Work.Flush();
        scheduler.RunUntilIdle();
        Assert.That((first.Result, second.Result), Is.EqualTo((true, false)));
        var third = port.Work.WhenHeardAsync();
        scheduler.RunUntilIdle();
        Assert.That(third.Result, Is.True, "nothing waits any more");
    }

    [Test]
    public void WhatWasDropped_WasNotHeard_HoweverOftenItIsFlushed()
    {
        var port = NewPort(8000);
        var frame = new short[port.SampleRate / 50];
        TimeSpan heard = default;
        foreach (var (said, played) in new[] { (10, 3), (5, 1), (0, 0), (2, 2), (4, 0), (1, 1) })
        {
            port.Speech.Write(new short[said * 8000]);
            for (var i = 0; i < played * 50; i++)
                port.Read(frame);
            heard += TimeSpan.FromSeconds(played);
            Assert.That(port.Work.Flush(), Is.EqualTo(new BotPlayback(heard, TimeSpan.FromSeconds(said - played))));
        }
    }

    [Test]
    public void LogThatThrows_CostsNeitherTheBotNorTheProcess()
    {
        var scheduler = new ManualScheduler();
        var port = new BotPort(
            8000, 8000, new RoomBotOptions { SampleRate = 8000 }, scheduler, _ => throw new AggregateException("the log"));
        var answers = 0;
        port.Work.Mark(_ => throw new InvalidOperationException("the host"));
        port.Work.Mark(_ => answers++);
        Assert.That(scheduler.RunUntilIdle, Throws.Nothing);
        Assert.That(answers, Is.EqualTo(1));
        scheduler.Schedule(new PostedWork(() => throw new AggregateException("the log")));
        Assert.That(scheduler.RunUntilIdle, Throws.Nothing);
    }

    private static BotPort NewPort(int rate) =>
        new(rate, BotPort.RoomRateOf(rate), new RoomBotOptions { SampleRate = rate }, new ManualScheduler(), _ => { });

    private static void Tick(BotPort port, short[] frame)
    {
        port.Read(frame);
        port.Write(frame);
    }
}
