using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>A watchdog that looks when told to.</summary>
public sealed class TickWatchdogTests
{
    private MediaCounters _counters = null!;
    private LogLines _log = null!;
    private MediaMetrics _metrics = null!;
    private MediaTicker _ticker = null!;
    private TickWatchdog _watchdog = null!;
    private Hanging _hanging = null!;
    private MixRoom _room = null!;

    [SetUp]
    public void SetUp()
    {
        (_counters, _log) = (new MediaCounters(), new LogLines());
        _metrics = new MediaMetrics([_counters]);
        _ticker = new MediaTicker(_counters, _log);
        _watchdog = new TickWatchdog([_ticker], _log);
        _hanging = new Hanging();
        _room = NewRoom("hung", 0);
        _room.Add(_hanging);
    }

    [TearDown]
    public void TearDown()
    {
        _hanging.Dispose();
        _ticker.Dispose();
        _metrics.Dispose();
    }

    [Test]
    public void TicksThatEnd_AreNoNews_HoweverOftenItLooks()
    {
        for (var i = 0; i < 100; i++)
        {
            _ticker.Run(0, TimeSpan.FromMilliseconds(20 * i));
            Assert.That(_watchdog.Look(true), Is.EqualTo(-1));
        }

        for (var i = 0; i < 100; i++)
            Assert.That(_watchdog.Look(true), Is.EqualTo(-1), "nothing runs");
        Assert.That(_counters.StuckTicks, Is.Zero);
    }

    [Test]
    public void TickThatTakesASecond_IsToldOnceWithItsRoom_AndGoesOn()
    {
        var run = Hang();
        for (var i = 0; i < TickWatchdog.GiveUpAfter; i++)
            Assert.That(_watchdog.Look(true), Is.EqualTo(-1));
        Assert.That(_counters.StuckTicks, Is.EqualTo(1));
        Assert.That(_log.Of(2020).Single(), Does.Contain("hung"));
        _hanging.Release();
        Assert.That(run.Wait(TimeSpan.FromSeconds(10)) && run.Result, "the thread goes on");
        Assert.That(_watchdog.Look(true), Is.EqualTo(-1));
        Assert.That(_room.MemberCount, Is.EqualTo(1));
    }

    [Test]
    public void TickThatDoesNotEnd_LosesItsThread_AndTheOtherRoomsGoOn()
    {
        var other = NewRoom("other", 0);
        var counter = new Counter();
        other.Add(counter);
        var run = Hang();
        for (var i = 0; i < TickWatchdog.GiveUpAfter; i++)
            _watchdog.Look(true);
        Assert.That(_watchdog.Look(true), Is.Zero, "the index of the ticker that needs a thread");
        var before = counter.Frames;
        for (var i = 0; i < 10; i++)
            Assert.That(_ticker.Run(0, TimeSpan.FromSeconds(1)), Is.True);
        Assert.That(counter.Frames, Is.EqualTo(before + 10));
        Assert.That(_log.Of(2021).Single(), Does.Contain("hung"));
        _hanging.Release();
        Assert.That(run.Wait(TimeSpan.FromSeconds(10)) && !run.Result, "the thread that came back ends");
        Assert.That(counter.Frames, Is.EqualTo(before + 10), "and touches nothing");
    }

    [Test]
    public void WhenNoMoreMayBeGivenUp_ItIsToldAllTheSame()
    {
        var run = Hang();
        for (var i = 0; i < 10 * TickWatchdog.GiveUpAfter; i++)
            Assert.That(_watchdog.Look(false), Is.EqualTo(-1));
        Assert.That(_counters.StuckTicks, Is.EqualTo(1));
        _hanging.Release();
        Assert.That(run.Wait(TimeSpan.FromSeconds(10)) && run.Result);
    }

    private MixRoom NewRoom(string id, int subTick)
    {
        var room = new MixRoom(id, _counters, _metrics, new Random(1), _log);
        _ticker.Add(room, subTick);
        return room;
    }

    // A thread whose tick hangs in the room.
    private Task<bool> Hang()
    {
        _ticker.Run(0, TimeSpan.Zero);
        _hanging.Hangs = true;
        var run = Task.Run(() => _ticker.Run(0, TimeSpan.FromMilliseconds(20)));
        Assert.That(_hanging.Hung.Wait(TimeSpan.FromSeconds(10)));
        return run;
    }
}
