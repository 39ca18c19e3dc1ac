using System.Net;
using System.Text;
using Atm0s.Sip.Calls.Records;
using Atm0s.Sip.Tests.Costs;

namespace Atm0s.Sip.Tests.Calls.Records;

/// <summary>What is kept of a call's messages when there are many, or little memory.</summary>
public sealed class WireTraceTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SilentFlow _flow = new(new IPEndPoint(IPAddress.Parse("10.1.0.1"), 5060), new byte[16]);

    [Test]
    public void ManyMessages_TheFirstAndTheLastAreKept()
    {
        var trace = new WireTrace(new TraceMemory(1 << 20), 4096, isWanted: false);
        for (var i = 0; i < 100; i++)
            Add(trace, $"M{i:00} " + new string('x', 200));

        var kept = trace.All.Select(entry => int.Parse(entry.Message[1..3])).ToList();
        Assert.That(kept[..9], Is.EqualTo(Enumerable.Range(0, 9)), "nine fit into the first half");
        Assert.That(kept[9..], Is.EqualTo(Enumerable.Range(100 - (kept.Count - 9), kept.Count - 9)));
        Assert.That(kept, Has.Count.EqualTo(18));
        Assert.That(trace.LeftOut, Is.EqualTo(82));
        Assert.That(trace.Memory, Is.LessThanOrEqualTo(4096 + (2 * TraceBlock.Size)));
    }

    [Test]
    public void LongMessage_IsCutOff_AndSaysHowLongItWas()
    {
        var trace = new WireTrace(new TraceMemory(1 << 20), 4096, isWanted: false);
        Add(trace, new string('a', 5_000));
        Add(trace, "b");

        Assert.That(trace.All.Select(entry => (entry.Bytes.Length, entry.Length)), Is.EqualTo(new[] { (2030, 5_000), (1, 1) }));
    }

    // Against a plain list: whatever the sizes, what comes out is what went in.
    [Test]
    public void Stream_IsAQueueOfMessages([Range(1, 6)] int seed)
    {
        var random = new Random(seed);
        var memory = new TraceMemory(1 << 20);
        var stream = new TraceStream(memory, isShared: random.Next(2) == 0);
        var model = new Queue<byte[]>();
        for (var step = 0; step < 500; step++)
        {
            if (model.Count > 0 && random.Next(3) == 0)
            {
                stream.DropFirst(isLive: true);
                model.Dequeue();
            }
            else if (model.Count < 20)
            {
                var message = new byte[random.Next(4) switch { 0 => 0, 1 => TraceBlock.Size - TraceFrame.Size, _ => random.Next(3_000) }];
                random.NextBytes(message);
                var frame = new TraceFrame(step, message.Length, message.Length, 0, false);
                Assert.That(stream.TryAppend(frame, message, isLive: true), Is.True);
                model.Enqueue(message);
            }

            var all = new List<(TraceFrame Frame, byte[] Message)>();
            stream.CopyTo(all);
            Assert.That(all.Select(one => Convert.ToHexString(one.Message)).SequenceEqual(model.Select(Convert.ToHexString)), Is.True);
            Assert.That(stream.Memory, Is.EqualTo(memory.Taken).And.LessThan(stream.Length + (3 * TraceBlock.Size)));
        }

        stream.Clear(isLive: true);
        Assert.That((memory.Taken, memory.Live), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public async Task NoMemory_TheOldestTraceGivesWayToTheNew()
    {
        await using var all = new DialogWorld();
        var traces = new WireTraces(all.Server.Parts.Stack, new CallRecordOptions { MaxRecordBytes = 256 * 1024 });
        var calls = Enumerable.Range(0, 40).Select(i => traces.Begin($"c{i}", isWanted: false)!).ToList();
        foreach (var trace in calls)
        {
            for (var i = 0; i < 10; i++)
                traces.Add(trace, _flow, new byte[1_000], isSent: false);
        }

        Assert.That(traces.Memory.Live, Is.LessThanOrEqualTo(128 * 1024));
        Assert.That(calls[^1].All, Has.Count.EqualTo(10), "the newest has all");
        Assert.That(calls[0].All, Is.Empty);
        Assert.That(calls[0].LeftOut, Is.Zero);
        traces.Add(calls[0], _flow, new byte[100], isSent: false);
        Assert.That(calls[0].LeftOut, Is.EqualTo(1));
    }

    [Test]
    public void MessageOfATrace_AllocatesNothing()
    {
        var memory = new TraceMemory(1 << 20);
        var message = new byte[700];
        var trace = new WireTrace(memory, 4096, isWanted: false);
        trace.TryAdd(Now, _flow, message, isSent: false);
        for (var i = 0; i < 20; i++)
            trace.TryAdd(Now, _flow, message, isSent: false);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            trace.TryAdd(Now, _flow, message, isSent: false);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void WiderTrace_HasWhatWasThere_AndMoreRoom()
    {
        var memory = new TraceMemory(1 << 20);
        var trace = new WireTrace(memory, 4096, isWanted: false);
        Add(trace, "INVITE");
        trace.Widen(65_536);
        Add(trace, new string('x', 10_000));
        Add(trace, "ACK");

        Assert.That(trace.All.Select(entry => entry.Bytes.Length), Is.EqualTo(new[] { 6, 10_000, 3 }));
        Assert.That(trace.All[0].Peer, Is.EqualTo("udp://10.1.0.1:5060"));
        Assert.That(memory.Taken, Is.EqualTo(trace.Memory).And.EqualTo(memory.Live));
        trace.Retire();
        trace.Release();
        Assert.That((memory.Taken, memory.Live, trace.All.Count), Is.EqualTo((0L, 0L, 3)), "his who has asked for it");
    }

    [Test]
    public void ManyPeers_EachMessageHasItsOwn()
    {
        var trace = new WireTrace(new TraceMemory(1 << 20), 65_536, isWanted: false);
        for (var i = 0; i < 40; i++)
            trace.TryAdd(Now, new SilentFlow(new IPEndPoint(IPAddress.Parse("10.1.0.1"), 5060 + i), new byte[16]), "x"u8, isSent: false);

        Assert.That(trace.All.Select(entry => entry.Remote!.Port), Is.EqualTo(Enumerable.Range(5060, 32)));
        Assert.That(trace.LeftOut, Is.EqualTo(8));
    }

    // Whoever takes gives back on another processor: what is free there is taken before more is made.
    [Test]
    public void ManyThreads_NeverMoreThanThereIs_AndNothingIsLost()
    {
        const long Max = 256 * 1024;
        var memory = new TraceMemory(Max);
        var held = new System.Collections.Concurrent.ConcurrentQueue<TraceBlock>();
        var refused = 0;
        Parallel.For(0, 4, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 20_000; i++)
            {
                if (random.Next(2) == 0 && memory.TryTake(random.Next(1, 5), isLive: false, isShared: true) is { } chain)
                    held.Enqueue(chain);
                else if (held.TryDequeue(out var old))
                    memory.GiveBack(old, isLive: false);
                if (memory.Taken > Max)
                    Interlocked.Increment(ref refused);
            }
        });

        Assert.That(refused, Is.Zero);
        while (held.TryDequeue(out var chain))
            memory.GiveBack(chain, isLive: false);
        Assert.That((memory.Taken, memory.Live), Is.EqualTo((0L, 0L)));
        Assert.That(memory.Made, Is.LessThanOrEqualTo(2 * Max), "each thread may make a slab while another gives one back");
    }

    private void Add(WireTrace trace, string message) =>
        Assert.That(trace.TryAdd(Now, _flow, Encoding.UTF8.GetBytes(message), isSent: true), Is.True);
}
