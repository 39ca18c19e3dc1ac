using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Tests.Transactions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>The timer of a shard: never early, at most a grain late, and few wake-ups.</summary>
public sealed class ShardTimerTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly QueueScheduler _pool = new();
    private readonly List<TimeSpan> _late = [];
    private TestStack _stack = null!;
    private SipShard _shard = null!;

    [SetUp]
    public void SetUp()
    {
        _late.Clear();
        _stack = new TestStack(shards: 1, _pool, _time);
        _shard = _stack[0];
    }

    [TearDown]
    public async Task TearDown() => await _stack.DisposeAsync();

    [Test]
    public void ManyDeadlines_WakeAThreadFiftyTimesASecond_AndNoneIsEarlyOrMuchTooLate()
    {
        Set(Enumerable.Range(1, 3000).Select(i => TimeSpan.FromMilliseconds(i)));
        var before = _pool.Total;
        Pass(TimeSpan.FromSeconds(3.1));

        Assert.That(_late, Has.Count.EqualTo(3000));
        Assert.That(_late.Min(), Is.GreaterThanOrEqualTo(TimeSpan.Zero));
        Assert.That(_late.Max(), Is.LessThanOrEqualTo(Grain + Step));
        Assert.That(_pool.Total - before, Is.LessThanOrEqualTo(156));
    }

    [Test]
    [Property("rfc", "3261 §17.1.1.2")]
    public void FewDeadlines_AreExact()
    {
        Set([500, 1500, 3500, 7500]);
        Pass(TimeSpan.FromSeconds(8));

        Assert.That(_late, Has.Count.EqualTo(4));
        Assert.That(_late.Max(), Is.LessThanOrEqualTo(Step));
    }

    [Test]
    public void ShardThatRunsAnyway_DoesWhatIsDue()
    {
        Set([100, 101, 102, 103, 104, 105]);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _pool.RunAll();
        var before = _late.Count;
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.That((before, _pool.Waiting), Is.EqualTo((1, 0)));

        using (ShardTurn.Begin())
            _shard.Post(_ => { });

        Assert.That(_late, Has.Count.EqualTo(6));
    }

    [Test]
    public void NextDeadline_IsTheDeadlineItself()
    {
        Set([100, 101]);
        Assert.That(_shard.NextDeadline, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _pool.RunAll();
        Assert.That(_shard.NextDeadline, Is.EqualTo(TimeSpan.FromMilliseconds(101)));
    }

    [Test]
    public void ManyAtOnce_LeaveRoomForMessages()
    {
        Set(Enumerable.Repeat(TimeSpan.FromMilliseconds(10), 5000));
        _time.Advance(TimeSpan.FromMilliseconds(10));
        _pool.RunOne();
        var first = _late.Count;
        var seen = -1;
        _shard.Post(_ => seen = _late.Count);
        _pool.RunAll();

        Assert.That(first, Is.InRange(1, 1000));
        Assert.That(seen, Is.EqualTo(first), "The message waited for all deadlines.");
        Assert.That(_late, Has.Count.EqualTo(5000));
    }

    [Test]
    public void WhatLingers_WakesAnIdleShardOnceInSeconds()
    {
        Linger(200);
        var before = _pool.Total;
        Pass(TimeSpan.FromSeconds(37));

        Assert.That(_shard.Transactions.Lingering.Count, Is.Zero);
        Assert.That(_shard.NextDeadline, Is.Null);
        Assert.That(_pool.Total - before, Is.InRange(1, 3));
    }

    [Test]
    public void WhatLingers_EndsInTurnsThatRunAnyway_AndWakesNobody()
    {
        Linger(200);
        var before = _pool.Total;
        for (var i = 0; i < 3500; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            using (ShardTurn.Begin())
                _shard.Post(_ => { });
        }

        Assert.That(_shard.Transactions.Lingering.Count, Is.Zero);
        Assert.That(_pool.Total - before, Is.Zero);
    }

    [Test]
    public void ManyThatLinger_LeaveRoomForMessages()
    {
        Linger(20_000, TimeSpan.Zero);
        _time.Advance(TimeSpan.FromSeconds(36));
        _pool.RunOne();
        var left = _shard.Transactions.Lingering.Count;
        Assert.That(left, Is.InRange(10_000, 19_999));
        _pool.RunAll();
        Assert.That(_shard.Transactions.Lingering.Count, Is.Zero);
    }

    // One behind the other, as requests come; each for 32 s.
    private void Linger(int count, TimeSpan? apart = null)
    {
        for (var i = 0; i < count; i++)
        {
            using (ShardTurn.Begin())
            {
                var id = i;
                _shard.Post(shard =>
                {
                    using var request = Msg.Request("OPTIONS", callId: "linger" + id, branch: "z9hG4bK-linger" + id);
                    shard.Absorb(request);
                });
            }

            _time.Advance(apart ?? TimeSpan.FromMilliseconds(10));
        }

        Assert.That(_shard.Transactions.Lingering.Count, Is.EqualTo(count));
    }

    private void Set(int[] milliseconds) => Set(milliseconds.Select(ms => TimeSpan.FromMilliseconds(ms)));

    private void Set(IEnumerable<TimeSpan> delays)
    {
        _shard.Post(shard =>
        {
            foreach (var delay in delays)
            {
                var due = shard.Now + delay;
                new SipTimer(shard, owner => _late.Add(owner.Now - due)).Set(delay);
            }
        });
        _pool.RunAll();
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            _time.Advance(Step);
            _pool.RunAll();
        }
    }
}
