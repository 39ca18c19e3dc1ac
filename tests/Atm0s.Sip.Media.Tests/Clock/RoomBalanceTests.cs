using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Tests.Mixing;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>Rooms are spread over threads, and go to another one when theirs has too much to do.</summary>
public sealed class RoomBalanceTests
{
    private ManualMediaClock _clock = null!;
    private MediaEngine _engine = null!;

    [SetUp]
    public void SetUp()
    {
        _clock = new ManualMediaClock();
        _engine = new MediaEngine(
            new MediaEngineOptions { Threads = 2 }, new InMemoryMediaNetwork(1), _clock, TimeProvider.System, new Random(1), NullLogger.Instance);
        _engine.Start();
    }

    [TearDown]
    public void TearDown() => _engine.Dispose();

    [Test]
    public void RoomOfMany_LeavesThatThreadToItself_AndSubTicksAreShared()
    {
        var big = _engine.CreateRoom("big");
        for (var i = 0; i < 20; i++)
            big.Add(ScriptedMember.Silent());
        _clock.Advance(MediaClock.Period);
        var owner = _engine.Tickers.Single(ticker => ticker.State.Rooms == 1);

        for (var i = 0; i < 12; i++)
            _engine.CreateRoom($"{i}");

        Assert.That(owner.State.Rooms, Is.EqualTo(1));
        var other = _engine.Tickers.Single(ticker => ticker != owner);
        Assert.That(Enumerable.Range(0, MediaClock.SubTicks).Select(other.HasRooms), Has.All.True);
    }

    [TestCase(0.6, 0.5, -1), TestCase(0.5, 0.6, -1), TestCase(0.9, 0.3, 1)]
    public void RoomsAreGiven_WhereTheDifferenceIsWorthIt(double mine, double others, int expected)
    {
        Pass(0, mine);
        Pass(1, others);

        Assert.That(RoomBalance.Find(_engine.Tickers, 0, TimeSpan.Zero, out var most), Is.EqualTo(expected));
        if (expected >= 0)
            Assert.That(most, Is.EqualTo((mine - others) / 2 * MediaClock.Period.Ticks).Within(1));
    }

    [Test]
    public void ThreadThatHangs_GetsNoRoom()
    {
        _engine.CreateRoom("a");
        _engine.CreateRoom("b");
        Pass(0, 0.9);
        Pass(1, 0.1);
        foreach (var ticker in _engine.Tickers)
            ticker.CountPeriod(TimeSpan.FromSeconds(1));

        Assert.That(RoomBalance.Find(_engine.Tickers, 0, TimeSpan.FromSeconds(1.4), out _), Is.EqualTo(1));
        Assert.That(RoomBalance.Find(_engine.Tickers, 0, TimeSpan.FromSeconds(1.6), out _), Is.EqualTo(-1));
    }

    [Test]
    public void RoomThatGoesToAnotherThread_LosesNothing()
    {
        var rooms = Enumerable.Range(0, 4).Select(i => _engine.CreateRoom($"{i}")).ToArray();
        var owner = _engine.Tickers[0];
        var mine = rooms.Where(room => room.Counters == owner.Counters).ToArray();
        var speaker = ScriptedMember.Tone(500, 1000);
        var listener = ScriptedMember.Silent();
        mine[0].Add(speaker);
        mine[0].Add(listener);
        _clock.Advance(10 * MediaClock.Period);
        mine[0].CountCost(TimeSpan.FromMilliseconds(16));
        mine[1].CountCost(TimeSpan.FromMilliseconds(160));

        Assert.That(owner.TryGive(_engine.Tickers[1], TimeSpan.FromMilliseconds(0.5).Ticks), Is.False, "none is that small");
        Assert.That(owner.TryGive(_engine.Tickers[1], TimeSpan.FromMilliseconds(2).Ticks), Is.True);
        _clock.Advance(10 * MediaClock.Period);

        Assert.That(mine[0].Counters, Is.SameAs(_engine.Tickers[1].Counters));
        Assert.That(mine[1].Counters, Is.SameAs(owner.Counters));
        Assert.That(listener.Heard, Has.Count.EqualTo(20));
        Assert.That(listener.Heard, Is.EqualTo(speaker.Said));
        Assert.That(owner.TryGive(_engine.Tickers[1], double.MaxValue), Is.False, "the last one stays");
    }

    [Test]
    public void TickThatWasThereAlready_IsNotTwice()
    {
        var room = _engine.CreateRoom("room");
        var member = ScriptedMember.Silent();
        room.Add(member);
        room.Tick(TimeSpan.FromMilliseconds(40));
        room.ChangeThread(_engine.Tickers[1].Counters, new Random(1));
        room.Tick(TimeSpan.FromMilliseconds(40));
        room.Tick(TimeSpan.FromMilliseconds(60));
        Assert.That(member.Heard, Has.Count.EqualTo(2));
    }

    [Test]
    public void EngineWithoutTime_OpensNoLeg()
    {
        Pass(0, 0.99, seconds: 10);
        Assert.That(_engine.IsFull, Is.False, "the other thread has time");
        Pass(1, 0.99, seconds: 10);
        Assert.That(_engine.IsFull, Is.True);
        Assert.That(_engine.TryOpenLeg(MediaWorld.Host, new Nobody()), Is.Null);
        Assert.That(_engine.PortPairsInUse, Is.Zero);

        Pass(1, 0.2);
        var leg = _engine.TryOpenLeg(MediaWorld.Host, new Nobody());
        Assert.That(leg, Is.Not.Null);
        leg!.Close();
    }

    private void Pass(int thread, double busy, int seconds = 1)
    {
        for (var i = 0; i < seconds * 50; i++)
            _engine.Tickers[thread].Counters.Governor.OnPeriod(busy);
    }
}
