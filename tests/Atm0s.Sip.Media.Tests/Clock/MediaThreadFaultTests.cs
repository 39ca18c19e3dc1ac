using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Mixing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>What gets by all guards of rooms and members must end neither the thread nor the process.</summary>
public sealed class MediaThreadFaultTests
{
    [Test]
    public void ThreadWhoseTickThrows_GoesOn()
    {
        var counters = new MediaCounters();
        using var metrics = new MediaMetrics([counters]);
        using var ticker = new MediaTicker(counters, NullLogger.Instance);
        using var faulty = new FaultyClock(5);
        using var clock = new RealMediaClock();
        var here = new Counter();
        var room = new MixRoom("room", faulty, counters, metrics, new Random(1), NullLogger.Instance);
        room.Add(here);
        ticker.Add(room, 0);
        clock.Start([ticker], NullLogger.Instance);
        Assert.That(() => here.Frames, Is.GreaterThan(3).After(10_000, 10));
        Assert.That(metrics.Faults, Is.EqualTo(5));
    }

    [Test]
    public void TickThatThrows_IsOver()
    {
        var counters = new MediaCounters();
        using var metrics = new MediaMetrics([counters]);
        using var ticker = new MediaTicker(counters, NullLogger.Instance);
        using var faulty = new FaultyClock(1);
        ticker.Add(new MixRoom("room", faulty, counters, metrics, new Random(1), NullLogger.Instance), 0);
        Assert.That(() => ticker.Run(0, TimeSpan.Zero), Throws.InvalidOperationException);
        Assert.That(ticker.Call & 1, Is.Zero, "the watchdog would take it for one that hangs");
        Assert.That(ticker.Run(0, TimeSpan.FromMilliseconds(20)), Is.True);
    }

    private sealed class FaultyClock(int faults) : MediaClock
    {
        private int _left = faults;

        public override TimeSpan Now => Interlocked.Decrement(ref _left) >= 0 ? throw new InvalidOperationException() : TimeSpan.Zero;

        internal override void Start(MediaTicker[] tickers, ILogger logger)
        {
        }

        internal override void Stop()
        {
        }
    }
}
