using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Tests.Transport;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>Who runs a shard: the thread whose turn woke it, at the end of the turn; else the scheduler.</summary>
public sealed class ShardTurnTests
{
    private readonly List<string> _did = [];
    private QueueScheduler _pool = null!;
    private TestStack _stack = null!;

    [SetUp]
    public void SetUp()
    {
        _did.Clear();
        _pool = new QueueScheduler();
        _stack = new TestStack(scheduler: _pool);
    }

    [TearDown]
    public async Task TearDown() => await _stack.DisposeAsync();

    [Test]
    public void WithoutATurn_TheSchedulerRunsIt()
    {
        Post(0, "a");

        Assert.That(_did, Is.Empty);
        Assert.That(_pool.Waiting, Is.EqualTo(1));
        _pool.RunAll();
        Assert.That(_did, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Woken_RunsAtTheEndOfTheTurn_NotBefore()
    {
        var turn = ShardTurn.Begin();
        using (turn)
        {
            Post(0, "a");
            Post(1, "b");
            Post(0, "c");
            Assert.That(_did, Is.Empty);
        }

        Assert.That(turn.Ran, Is.EqualTo(3));
        Assert.That(_did, Is.EqualTo(new[] { "a", "c", "b" }));
        Assert.That(_pool.Total, Is.Zero);
    }

    [Test]
    public void WokenByWhatRuns_BelongsToTheTurn()
    {
        using (ShardTurn.Begin())
        {
            _stack[0].Post(shard =>
            {
                _did.Add("a");
                Post(0, "c");
                _stack[1].Post(_ =>
                {
                    _did.Add("b");
                    // The first shard has run, but nobody has let go of it.
                    Post(0, "d");
                });
            });
        }

        Assert.That(_did, Is.EqualTo(new[] { "a", "c", "b", "d" }));
        Assert.That(_pool.Total, Is.Zero);
    }

    [Test]
    public void WhoHasNotTheRight_LeavesItToWhoHasIt()
    {
        Post(0, "a");
        using (ShardTurn.Begin())
            Post(0, "b");

        Assert.That(_did, Is.Empty);
        Assert.That(_pool.Waiting, Is.EqualTo(1));
        _pool.RunAll();
        Assert.That(_did, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void PostedFromAnotherThread_WhileItRuns_IsNotLost()
    {
        using (ShardTurn.Begin())
        {
            _stack[0].Post(_ =>
            {
                OnAnotherThread(() => Post(0, "b"));
                _did.Add("a");
            });
        }

        Assert.That(_did, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void MoreThanATurnTakes_GoesToThePool()
    {
        using (ShardTurn.Begin())
        {
            for (var i = 0; i < 2000; i++)
                Post(0, "x");
            Post(1, "y");
        }

        // The thread goes back to its socket; nothing is lost, and both shards are run once each.
        Assert.That(_did, Has.Count.LessThanOrEqualTo(ShardTurn.Budget));
        Assert.That(_did, Has.Count.GreaterThan(200));
        Assert.That(_pool.Waiting, Is.GreaterThan(0));
        _pool.RunAll();
        Assert.That(_did, Has.Count.EqualTo(2001));
        Assert.That(_did.Count(d => d == "y"), Is.EqualTo(1));
    }

    [Test]
    public void GoingRoundInACircle_EndsTheTurnAllTheSame()
    {
        var rounds = 0;
        void Again(SipShard shard)
        {
            if (++rounds < 5000)
                _stack[1 - shard.Index].Post(Again);
        }

        using (ShardTurn.Begin())
            _stack[0].Post(Again);

        Assert.That(rounds, Is.LessThanOrEqualTo(ShardTurn.Budget));
        _pool.RunAll();
        Assert.That(rounds, Is.EqualTo(5000));
    }

    [Test]
    public void HandedOver_GoesToThePool()
    {
        using (var turn = ShardTurn.Begin())
        {
            turn.HandOver();
            Post(0, "a");
            Post(1, "b");
        }

        Assert.That(_did, Is.Empty);
        Assert.That(_pool.Waiting, Is.EqualTo(2));
        using (ShardTurn.Begin())
            Post(0, "c");
        _pool.RunAll();
        Assert.That(_did, Is.EqualTo(new[] { "a", "c", "b" }));
        Assert.That(_pool.Total, Is.EqualTo(2));
    }

    [Test]
    public void InsideATurn_AnotherOneChangesNothing()
    {
        using (ShardTurn.Begin("outer"))
        {
            using (ShardTurn.Begin("inner"))
                Post(0, "a");
            Assert.That(_did, Is.Empty);
            Assert.That(ShardTurn.Current!.Owner, Is.EqualTo("outer"));
        }

        Assert.That(_did, Is.EqualTo(new[] { "a" }));
        Assert.That(ShardTurn.Current, Is.Null);
    }

    [Test]
    public void Collected_IsSentBeforeAnotherThreadCanRunTheShard()
    {
        var output = new Output(() =>
        {
            _did.Add("sent");
            OnAnotherThread(() => Post(0, "late"));
            Assert.That(_pool.Total, Is.Zero, "Somebody else may run the shard already.");
        });
        using (ShardTurn.Begin())
        {
            _stack[0].Post(_ =>
            {
                _did.Add("a");
                ShardTurn.Current!.FlushAtEnd(output);
            });
        }

        Assert.That(_did, Is.EqualTo(new[] { "a", "sent", "late" }));
    }

    [Test]
    public void OutputThatThrows_CostsNoShard()
    {
        Assert.That(
            () =>
            {
                using var turn = ShardTurn.Begin();
                Post(0, "a");
                ShardTurn.Current!.FlushAtEnd(new Output(static () => throw new InvalidOperationException("broken")));
            },
            Throws.InvalidOperationException);

        using (ShardTurn.Begin())
            Post(1, "b");
        Post(0, "c");
        _pool.RunAll();
        Assert.That(_did, Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public void CollectedWithoutAShard_IsSentToo()
    {
        using (ShardTurn.Begin())
            ShardTurn.Current!.FlushAtEnd(new Output(() => _did.Add("sent")));

        Assert.That(_did, Is.EqualTo(new[] { "sent" }));
    }

    [Test]
    public async Task WorkThatThrows_WithALogThatThrowsToo_StopsNothing([Values] bool inTurn)
    {
        await using var stack = new TestStack(shards: 1, scheduler: _pool, log: new ListLog { Throws = true });
        for (var i = 0; i < 3; i++)
        {
            if (inTurn)
            {
                using (ShardTurn.Begin())
                    stack[0].Post(_ => throw new InvalidOperationException("broken"));
            }
            else
            {
                stack[0].Post(_ => throw new InvalidOperationException("broken"));
                _pool.RunAll();
            }

            stack[0].Post(_ => _did.Add("after"));
            _pool.RunAll();
            Assert.That(_did, Has.Count.EqualTo(i + 1));
        }
    }

    [Test]
    public void ExceptionInTheTurn_RunsTheShardsAndGoesOn()
    {
        Assert.That(
            () =>
            {
                using var turn = ShardTurn.Begin();
                Post(0, "a");
                throw new InvalidOperationException("broken");
            },
            Throws.InvalidOperationException);

        Assert.That(_did, Is.EqualTo(new[] { "a" }));
        Assert.That(ShardTurn.Current, Is.Null);
    }

    [Test]
    public async Task StoppedShard_IsNotRun()
    {
        await _stack.Stack.DisposeAsync();
        using (ShardTurn.Begin())
            Post(0, "a");

        Assert.That(_did, Is.Empty);
        Assert.That(_pool.Total, Is.Zero);
    }

    private static void OnAnotherThread(ThreadStart work)
    {
        var other = new Thread(work);
        other.Start();
        other.Join();
    }

    private void Post(int shard, string text) => _stack[shard].Post(_ => _did.Add(text));

    private sealed class Output(Action flush) : ITurnOutput
    {
        public void Flush() => flush();
    }
}
