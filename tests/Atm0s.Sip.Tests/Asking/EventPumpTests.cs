using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Time;
using Atm0s.Sip.Tests.Signalling;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Tests.Asking;

/// <summary>Events to observers: in order for each call, bounded, and nothing kept of calls of which none waits.</summary>
[SingleThreaded]
public sealed class EventPumpTests
{
    private const int Dropped = 2012;
    private const int Lost = 2013;

    private readonly FaultyLog _log = new(throwsAt: -1);
    private ManualScheduler _scheduler = null!;
    private FakeTimeProvider _time = null!;
    private SipServerMetrics _metrics = null!;
    private HookWorkers _workers = null!;
    private EventBudget _budget = null!;

    [SetUp]
    public void SetUp()
    {
        _log.Written.Clear();
        _log.Exceptions.Clear();
        _scheduler = new ManualScheduler();
        _time = new FakeTimeProvider();
        _metrics = new SipServerMetrics();
        _workers = new HookWorkers(_scheduler, _time, maxThreads: 4);
        _budget = new EventBudget(3000, _metrics, _log);
    }

    [TearDown]
    public void TearDown() => _metrics.Dispose();

    [Test]
    public void EventsOfACall_ComeInOrder_AndNothingIsKeptOfIt()
    {
        var observer = new Observer();
        var pump = Pump(observer);
        for (var i = 0; i < 100; i++)
            pump.Post("c" + (i % 3), Event("c" + (i % 3), i), isDispensable: true);
        Assert.That(pump.Lanes, Is.EqualTo(3));
        _scheduler.RunUntilIdle();

        Assert.That(
            observer.Told.Where(t => t.Id == "c1").Select(t => t.Number), Is.EqualTo(Enumerable.Range(0, 100).Where(i => i % 3 == 1)));
        Assert.That(observer.Told, Has.Count.EqualTo(100));
        Assert.That((pump.Lanes, _budget.Waiting), Is.EqualTo((0, 0)));
    }

    // What a lane had to grow for is given back when it is empty, wherever in it the last event stood.
    [Test]
    public void LaneThatHadMany_GoesOnFromItsBeginning([Range(1, 70)] int many)
    {
        var lane = new EventLane<int>(_ => { });
        for (var i = 0; i < many; i++)
            lane.Add(i, isDispensable: true, null);
        for (var i = 0; i < many; i++)
            Assert.That(lane.TryTake(out var what, out _) ? what : -1, Is.EqualTo(i));
        lane.Close();
        lane.Open("next");
        lane.Add(7, isDispensable: true, null);
        Assert.That(lane.TryTake(out var next, out _) ? next : -1, Is.EqualTo(7));
    }

    [Test]
    public void SlowObserver_HoldsUpThatCallAlone()
    {
        var observer = new Observer { Slow = ("c1", new TaskCompletionSource()) };
        var pump = Pump(observer);
        pump.Post("c1", Event("c1", 0), isDispensable: false);
        pump.Post("c1", Event("c1", 1), isDispensable: false);
        pump.Post("c2", Event("c2", 2), isDispensable: false);
        _scheduler.RunUntilIdle();
        Assert.That(observer.Told.Select(t => t.Number), Is.EqualTo(new[] { 0, 2 }));
        observer.Slow.Until!.SetResult();
        Settle(() => observer.Told.Count == 3);

        Assert.That(observer.Told[2].Number, Is.EqualTo(1));
        Assert.That(() => pump.Lanes, Is.Zero);
    }

    [Test]
    public void ObserverBeyondItsLimit_IsLeftBehind_AndTheNextIsTold()
    {
        var observer = new Observer { Slow = ("c1", new TaskCompletionSource()) };
        var pump = Pump(observer);
        pump.Post("c1", Event("c1", 0), isDispensable: false);
        pump.Post("c1", Event("c1", 1), isDispensable: false);
        _scheduler.RunUntilIdle();
        observer.Slow = default;
        _time.Advance(TimeSpan.FromSeconds(10));
        Settle(() => observer.Told.Count == 2);

        Assert.That(observer.Tokens[0].IsCancellationRequested, Is.True);
        Assert.That(observer.Tokens[1].IsCancellationRequested, Is.False);
    }

    [Test]
    public void ObserverThatThrows_HasTheNextEvent()
    {
        var observer = new Observer { Fails = true };
        var pump = Pump(observer);
        pump.Post("c1", Event("c1", 0), isDispensable: false);
        pump.Post("c1", Event("c1", 1), isDispensable: false);
        _scheduler.RunUntilIdle();

        Assert.That(observer.Told, Has.Count.EqualTo(2));
        Assert.That(_log.Exceptions, Has.Count.EqualTo(2));
    }

    [Test]
    public void TooMuchWaitsForACall_TheOldestIsLost_ButNoBeginningAndNoEnd()
    {
        var observer = new Observer { Slow = ("c1", new TaskCompletionSource()) };
        var pump = Pump(observer);
        pump.Post("c1", Event("c1", -1), isDispensable: false);
        _scheduler.RunUntilIdle();
        pump.Post("c1", Event("c1", 0), isDispensable: false);
        for (var i = 1; i <= 2000; i++)
            pump.Post("c1", Event("c1", i), isDispensable: true);
        pump.Post("c1", Event("c1", 9999), isDispensable: false);
        observer.Slow.Until!.SetResult();
        observer.Slow = default;
        Settle(() => pump.Lanes == 0);

        int[] expected = [-1, 0, .. Enumerable.Range(979, 1022), 9999];
        Assert.That(observer.Told.Select(t => t.Number), Is.EqualTo(expected));
        Assert.That(_log.Written.Count(id => id == Dropped), Is.EqualTo(1));
        Assert.That(_budget.Waiting, Is.Zero);
    }

    [Test]
    public void TooMuchWaitsInAll_TheRestIsLost_AndBeginningsAndEndsHaveAFifthMore()
    {
        var observer = new Observer();
        var pump = Pump(observer);
        for (var i = 0; i < 5000; i++)
            pump.Post("c" + i, Event("c" + i, i), isDispensable: true);
        Assert.That(_budget.Waiting, Is.EqualTo(2400));
        for (var i = 5000; i < 6000; i++)
            pump.Post("c" + i, Event("c" + i, i), isDispensable: false);
        Assert.That(_budget.Waiting, Is.EqualTo(3000));
        _scheduler.RunUntilIdle();

        Assert.That(observer.Told, Has.Count.EqualTo(3000));
        Assert.That(_log.Written.Count(id => id == Lost), Is.EqualTo(1));
        Assert.That((pump.Lanes, _budget.Waiting), Is.EqualTo((0, 0)));
    }

    [Test]
    public void EventForAnObserverThatAnswersAtOnce_AllocatesNothing()
    {
        var (observer, what) = (new QuietObserver(), Event("c1", 1));
        var pump = Pump(observer);
        Tell(pump, what);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Tell(pump, what);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(observer.Told, Is.EqualTo(2000));
        Assert.That(allocated, Is.LessThan(1000), "of 1000 events");
    }

    [Test]
    public void ObserverThatIsNotThere_CostsNothing()
    {
        var pump = new EventPump<ICallObserver, CallEvent>(
            HookSource.FromInstances(new SipServerHandlers()), Tell, _workers, _budget, TimeSpan.FromSeconds(10), _time, _log);
        pump.Post("c1", Event("c1", 0), isDispensable: false);

        Assert.That((pump.Lanes, _budget.Waiting, _scheduler.IsIdle), Is.EqualTo((0, 0, true)));
    }

    private static CallEvent.Connecting Event(string id, int number) => new()
    {
        Call = new CallInfo
        {
            CallId = id, SipCallId = id, Direction = CallDirection.Incoming, From = number.ToString(), To = "b",
        },
        Timestamp = default,
    };

    private static ValueTask Tell(ICallObserver observer, CallEvent what, CancellationToken cancellation) =>
        observer.OnCallEventAsync(what, cancellation);

    private void Tell(EventPump<ICallObserver, CallEvent> pump, CallEvent what)
    {
        for (var i = 0; i < 1000; i++)
        {
            pump.Post("c1", what, isDispensable: true);
            _scheduler.RunUntilIdle();
        }
    }

    private EventPump<ICallObserver, CallEvent> Pump(ICallObserver observer) => new(
        HookSource.FromInstances(new SipServerHandlers { Calls = observer }),
        Tell,
        _workers,
        _budget,
        TimeSpan.FromSeconds(10),
        _time,
        _log);

    // What an observer awaits goes on where it is completed: here, or on the pool.
    private void Settle(Func<bool> done) => Assert.That(
        () =>
        {
            _scheduler.RunUntilIdle();
            return done();
        },
        Is.True.After(5000, 5));

    private sealed class Observer : ICallObserver
    {
        public List<(string Id, int Number)> Told { get; } = [];

        public List<CancellationToken> Tokens { get; } = [];

        public (string? Id, TaskCompletionSource? Until) Slow { get; set; }

        public bool Fails { get; init; }

        public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            Tokens.Add(cancellationToken);
            Told.Add((callEvent.Call.CallId, int.Parse(callEvent.Call.From)));
            if (Fails)
                throw new InvalidOperationException("broken");
            return Slow.Id == callEvent.Call.CallId ? new ValueTask(Slow.Until!.Task) : ValueTask.CompletedTask;
        }
    }

    [NonBlocking]
    private sealed class QuietObserver : ICallObserver
    {
        public int Told { get; private set; }

        public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            Told++;
            return ValueTask.CompletedTask;
        }
    }
}
