using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Tests.Mixing;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>A watchdog that looks when told to, at ticks on threads of the pool.</summary>
public sealed class TickWatchdogTests
{
    private readonly ManualMediaClock _clock = new();
    private MediaCounters _counters = null!;
    private LogLines _log = null!;
    private MediaMetrics _metrics = null!;
    private MediaTicker _ticker = null!;
    private TickWatchdog _watchdog = null!;
    private HangingMember _hanging = null!;
    private Counter _here = null!;
    private Counter _elsewhere = null!;
    private MixRoom _room = null!;

    [SetUp]
    public void SetUp()
    {
        (_counters, _log) = (new MediaCounters(), new LogLines());
        _metrics = new MediaMetrics([_counters]);
        _ticker = new MediaTicker(_counters, _log);
        _watchdog = new TickWatchdog([_ticker], _log);
        (_hanging, _here, _elsewhere) = (new HangingMember(), new Counter(), new Counter());
        _room = NewRoom("hung");
        _room.TryPost(new RoomOperation(_hanging, null));
        _room.Add(_here);
        NewRoom("other").Add(_elsewhere);
    }

    [TearDown]
    public void TearDown()
    {
        _hanging.Dispose();
        _ticker.Dispose();
        _metrics.Dispose();
    }

    [OneTimeTearDown]
    public void OneTimeTearDown() => _clock.Dispose();

    [Test]
    public void TicksThatEnd_AreNoNews_HoweverOftenItLooks()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.That(_ticker.Run(0, TimeSpan.FromMilliseconds(20 * i)));
            Assert.That(_watchdog.Look(true), Is.EqualTo(-1));
        }

        for (var i = 0; i < 100; i++)
            Assert.That(_watchdog.Look(true), Is.EqualTo(-1), "nothing runs");
        Assert.That(_counters.StuckTicks, Is.Zero);
    }

    [Test]
    public void TickThatTakesASecond_IsToldOnceWithItsRoom_AndGoesOn()
    {
        var run = Hang(Turn.Read);
        for (var i = 0; i < TickWatchdog.GiveUpAfter; i++)
            Assert.That(_watchdog.Look(true), Is.EqualTo(-1));
        Assert.That(_counters.StuckTicks, Is.EqualTo(1));
        Assert.That(_log.Of(3020).Single(), Does.Contain("hung"));
        _hanging.Return();
        Assert.That(run.Wait(TimeSpan.FromSeconds(10)) && run.Result, "the thread goes on");
        Assert.That(_watchdog.Look(true), Is.EqualTo(-1));
        Assert.That(_room.MemberCount, Is.EqualTo(2));
        Assert.That((_hanging.Losses, _hanging.Releases), Is.EqualTo((0, 0)));
    }

    [TestCase(Turn.Prepare)]
    [TestCase(Turn.Read)]
    [TestCase(Turn.Write)]
    public void MemberThatDoesNotComeBack_IsGivenUp_AndAllOthersGoOn(int turn)
    {
        var run = Hang((Turn)turn);
        GiveUp();
        var (here, elsewhere) = (_here.Frames, _elsewhere.Frames);
        for (var i = 2; i < 12; i++)
            Assert.That(_ticker.Run(0, TimeSpan.FromMilliseconds(20 * i)), Is.True);
        Assert.That((_here.Frames, _elsewhere.Frames), Is.EqualTo((here + 10, elsewhere + 10)));
        Assert.That(_log.Of(3024).Single(), Does.Contain("hung"));
        Assert.That(_room.MemberCount, Is.EqualTo(1));
        Assert.That((_hanging.Losses, _hanging.Releases), Is.EqualTo((1, 0)), "told, but not touched");

        _hanging.Return();
        Assert.That(run.Wait(TimeSpan.FromSeconds(10)) && !run.Result, "the thread that came back ends");
        Assert.That((_here.Frames, _elsewhere.Frames), Is.EqualTo((here + 10, elsewhere + 10)), "and has called nobody");
        Assert.That((_hanging.Losses, _hanging.Releases), Is.EqualTo((1, 1)));
        Assert.That(_ticker.Run(0, TimeSpan.FromSeconds(1)), Is.True);
    }

    [Test]
    public void RoomThatDoesNotComeBack_Ends_AndItsMembersAreTold()
    {
        var other = new HangingMember();
        _room.TryPost(new RoomOperation(other, null));
        var run = Hang(Turn.Release);
        GiveUp();
        var (here, elsewhere) = (_here.Frames, _elsewhere.Frames);
        for (var i = 0; i < 10; i++)
            Assert.That(_ticker.Run(0, TimeSpan.FromSeconds(1)), Is.True);
        Assert.That((_here.Frames, _elsewhere.Frames), Is.EqualTo((here, elsewhere + 10)));
        Assert.That(_log.Of(3021).Single(), Does.Contain("hung"));
        Assert.That(other.Losses, Is.EqualTo(1));
        Assert.That(_room.Add(new Counter()), Is.False, "nobody joins it any more");
        Assert.That(_metrics.Rooms, Is.EqualTo(1));
        _hanging.Return();
        Assert.That(run.Wait(TimeSpan.FromSeconds(10)) && !run.Result);
        Assert.That(other.Releases, Is.EqualTo(1));
        Assert.That(_here.Frames, Is.EqualTo(here));
        other.Dispose();
    }

    [Test]
    public void WhenNoMoreMayBeGivenUp_ItIsToldAllTheSame()
    {
        var run = Hang(Turn.Read);
        for (var i = 0; i < 10 * TickWatchdog.GiveUpAfter; i++)
            Assert.That(_watchdog.Look(false), Is.EqualTo(-1));
        Assert.That(_counters.StuckTicks, Is.EqualTo(1));
        _hanging.Return();
        Assert.That(run.Wait(TimeSpan.FromSeconds(10)) && run.Result);
    }

    [Test]
    public void LegThatIsGivenUp_IsTold_AndItsPortsAreFree()
    {
        using var world = new MediaWorld();
        using var codec = new HangingCodec();
        var bad = world.AddPhone(p => p with { SendFormat = new RtpFormat(8, codec) });
        var good = world.AddPhone();
        codec.Hangs = true;
        var tick = Task.Run(() => world.Run(0.02));
        Assert.That(codec.Hung.Wait(TimeSpan.FromSeconds(10)));
        var ticker = world.Engine.Tickers[0];
        Assert.That(ticker.TryGiveUp(ticker.Call));
        Assert.That(bad.Told, Is.EqualTo(new[] { "failed" }));
        Assert.That(world.Engine.Metrics.Legs, Is.EqualTo(1));
        Assert.That(world.Network.TryBind(MediaWorld.Host, bad.Leg.LocalEndPoint.Port, out var free));
        free!.Dispose();
        codec.Return();
        Assert.That(tick.Wait(TimeSpan.FromSeconds(10)));
        var sent = good.Rtp.Count;
        world.Run(1);
        Assert.That(good.Rtp, Has.Count.EqualTo(sent + 50));
    }

    private MixRoom NewRoom(string id)
    {
        var room = new MixRoom(id, _clock, _counters, _metrics, new Random(1), _log);
        _ticker.Add(room, 0);
        return room;
    }

    // A thread whose tick hangs in the room.
    private Task<bool> Hang(Turn turn)
    {
        _ticker.Run(0, TimeSpan.Zero);
        _hanging.HangsIn = turn;
        var run = Task.Run(() => _ticker.Run(0, TimeSpan.FromMilliseconds(20)));
        Assert.That(_hanging.Hung.Wait(TimeSpan.FromSeconds(10)));
        return run;
    }

    private void GiveUp()
    {
        for (var i = 0; i < TickWatchdog.GiveUpAfter; i++)
            Assert.That(_watchdog.Look(true), Is.EqualTo(-1));
        Assert.That(_watchdog.Look(true), Is.Zero, "the index of the ticker that needs a thread");
        Assert.That(_watchdog.Look(true), Is.EqualTo(-1));
    }
}
