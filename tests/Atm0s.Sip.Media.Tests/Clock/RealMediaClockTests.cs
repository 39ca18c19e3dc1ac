using System.Diagnostics;
using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Net;

namespace Atm0s.Sip.Media.Tests.Clock;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RealMediaClockTests
{
    private readonly LogLines _log = new();

    [Test]
    public void Rooms_AreTickedEveryTwentyMilliseconds_OnAnotherThread()
    {
        var counter = new Counter();
        using var engine = NewEngine();
        engine.CreateRoom("room").Add(counter);
        var clock = Stopwatch.StartNew();
        engine.Start();
        Assert.That(counter.Hears(50));
        // Never faster than real time; slower only as far as the machine is busy.
        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds((49 * 20) - 105)));
        Assert.That(counter.Thread, Is.Not.EqualTo(Environment.CurrentManagedThreadId));
        Assert.That(engine.Metrics.TickTime, Is.GreaterThan(TimeSpan.Zero).And.LessThan(clock.Elapsed));
        Assert.That(engine.Metrics.OffProcessorTime, Is.LessThanOrEqualTo(engine.Metrics.TickTime));
    }

    [Test]
    public void MediaThread_IsRaised_OrTheLogSaysThatItIsNot()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Linux only.");
        var counter = new Counter();
        using var engine = NewEngine();
        engine.CreateRoom("room").Add(counter);
        engine.Start();
        Assert.That(counter.Hears(1));
        Assert.That(counter.Nice, Is.EqualTo(-10).Or.Zero);
        if (counter.Nice == 0)
            Assert.That(_log.Of(3023).Count(), Is.LessThanOrEqualTo(1), "said once in a process");
    }

    [TestCase(0, 0)]
    [TestCase(20, 0)]
    [TestCase(100, 0)]
    [TestCase(101, 1)]
    [TestCase(120, 1)]
    [TestCase(345, 13)]
    public void Lateness_IsCaughtUpToFivePeriods(int milliseconds, int skipped) =>
        Assert.That(MediaThread.PeriodsToSkip(TimeSpan.FromMilliseconds(milliseconds)), Is.EqualTo(skipped));

    [Test]
    public void ThreadThatWasFull_TakesCallsAgain_WhenItsRoomsAreGone()
    {
        using var engine = NewEngine();
        var room = engine.CreateRoom("room");
        var counter = new Counter();
        room.Add(counter);
        engine.Start();
        Assert.That(counter.Hears(5));
        room.Close();
        Assert.That(() => engine.Tickers[0].IsIdle, Is.True.After(5000, 10));
        for (var i = 0; i < 500; i++)
            engine.Tickers[0].Counters.Governor.OnPeriod(0.99);
        Assert.That(engine.IsFull, Is.True);

        Assert.That(() => engine.IsFull, Is.False.After(10_000, 50));
    }

    /// <summary>Two threads, and all that takes time on one of them: rooms go to the other, and nobody in them misses a frame.</summary>
    [Test]
    public void RoomsOfABusyThread_GoToTheOther_WithoutLosingAFrame()
    {
        using var engine = NewEngine(threads: 2);
        var rooms = Enumerable.Range(0, 8).Select(i => engine.CreateRoom($"{i}")).ToArray();
        var busy = rooms.Where(room => room.Counters == engine.Tickers[0].Counters).ToArray();
        Assert.That(busy, Has.Length.EqualTo(4));
        var members = busy.Select(_ => new BusyMember(TimeSpan.FromMilliseconds(3))).ToArray();
        for (var i = 0; i < busy.Length; i++)
            busy[i].Add(members[i]);
        engine.Start();

        Assert.That(() => busy.Count(room => room.Counters == engine.Tickers[1].Counters), Is.Positive.After(30_000, 50));

        Assert.That(() => members.Max(member => member.Threads), Is.EqualTo(2).After(10_000, 20), "one thread after the other");
        foreach (var member in members)
        {
            Assert.That(member.Overlaps, Is.Zero, "never both at once");
            Assert.That(member.Said - member.Heard, Is.InRange(0, 1), "what is asked for is given, once each");
        }
    }

    [Test]
    public void MemberThatThrows_DoesNotStopTheRoom()
    {
        var counter = new Counter();
        using var engine = NewEngine();
        var room = engine.CreateRoom("room");
        room.Add(new Thrower());
        room.Add(counter);
        engine.Start();
        Assert.That(counter.Hears(20));
    }

    [Test]
    public void MemberThatHangs_CostsNobodyElse()
    {
        using var hanging = new Hanging { Hangs = true };
        var (here, elsewhere) = (new Counter(), new Counter());
        using var engine = NewEngine();
        var room = engine.CreateRoom("hung");
        room.Add(here);
        room.Add(hanging);
        engine.CreateRoom("other").Add(elsewhere);
        engine.Start();
        Assert.That(hanging.Hung.Wait(TimeSpan.FromSeconds(10)));
        Assert.That(elsewhere.Hears(20), "another room of the same thread");
        Assert.That(here.Hears(20), "another member of the same room");
        Assert.That(engine.Metrics.StuckTicks, Is.EqualTo(1));
        Assert.That(_log.Of(3020).Single(), Does.Contain("hung"));
        hanging.Release();
        Assert.That(hanging.IsBack.Wait(TimeSpan.FromSeconds(10)));
        Assert.That(elsewhere.Hears(20));
    }

    [Test]
    public void ThreadThatWasFullWhenItsLastRoomClosed_OpensLegsAgain()
    {
        using var engine = NewEngine();
        var governor = engine.Tickers[0].Counters.Governor;
        for (var i = 0; i < 300; i++)
            governor.OnPeriod(1);
        Assert.That(engine.IsFull);
        engine.Start();
        Assert.That(() => engine.IsFull, Is.False.After(10_000, 10));
        Assert.That(engine.TryOpenLeg(IPAddress.Loopback, new Nobody()), Is.Not.Null);
    }

    [Test]
    public void Stop_WaitsTwoSecondsAtMost_ForATickThatDoesNotEnd()
    {
        using var hanging = new Hanging { Hangs = true };
        var engine = NewEngine();
        engine.CreateRoom("hung").Add(hanging);
        engine.Start();
        Assert.That(hanging.Hung.Wait(TimeSpan.FromSeconds(10)));
        var dispose = Task.Run(engine.Dispose);
        Assert.That(dispose.Wait(TimeSpan.FromSeconds(10)));
        Assert.That(_log.Of(3022).Count(), Is.EqualTo(1));
        hanging.Release();
        Assert.That(hanging.IsBack.Wait(TimeSpan.FromSeconds(10)));
    }

    /// <summary>A container that gives no thread when one is given up: another is made as soon as it does.</summary>
    [Test]
    public void ThreadThatCannotBeMade_IsMadeLater()
    {
        var asked = 0;
        using var hanging = new Hanging { Hangs = true };
        var elsewhere = new Counter();
        using var engine = NewEngine(clock: new RealMediaClock
        {
            StartThread = thread =>
            {
                if (Interlocked.Increment(ref asked) is 2 or 3)
                    throw new IOException("no thread");
                thread.Start();
            },
        });
        engine.CreateRoom("hung").Add(hanging);
        engine.CreateRoom("other").Add(elsewhere);
        engine.Start();
        Assert.That(hanging.Hung.Wait(TimeSpan.FromSeconds(10)));
        Assert.That(() => Volatile.Read(ref asked), Is.EqualTo(4).After(20_000, 20));
        Assert.That(elsewhere.Hears(20));
        Assert.That(engine.Metrics.Faults, Is.EqualTo(2));
        hanging.Release();
    }

    [Test]
    public void EngineWithoutAThread_EndsAllTheSame()
    {
        var asked = 0;
        using var hanging = new Hanging { Hangs = true };
        var engine = NewEngine(clock: new RealMediaClock
        {
            StartThread = thread =>
            {
                if (Interlocked.Increment(ref asked) > 1)
                    throw new IOException("no thread");
                thread.Start();
            },
        });
        engine.CreateRoom("hung").Add(hanging);
        var leg = engine.TryOpenLeg(IPAddress.Loopback, new Nobody());
        Assert.That(leg, Is.Not.Null);
        engine.Start();
        Assert.That(hanging.Hung.Wait(TimeSpan.FromSeconds(10)));
        Assert.That(() => Volatile.Read(ref asked), Is.GreaterThan(2).After(20_000, 20));
        Assert.That(engine.Dispose, Throws.Nothing);
        Assert.That((engine.PortPairsInUse, engine.Metrics.Rooms), Is.EqualTo((0, 0)));
        hanging.Release();
    }

    private MediaEngine NewEngine(int threads = 1, RealMediaClock? clock = null) => new(
        new MediaEngineOptions { FirstPort = 20000, LastPort = 20099, Threads = threads },
        new InMemoryMediaNetwork(1), clock ?? new RealMediaClock(), TimeProvider.System, new Random(1), _log);

    private sealed class Thrower : IPcmEndpoint
    {
        public int SampleRate => 8000;

        public bool Read(Span<short> frame) => throw new InvalidOperationException("microphone");

        public void Write(ReadOnlySpan<short> frame) => throw new InvalidOperationException("loudspeaker");
    }
}
