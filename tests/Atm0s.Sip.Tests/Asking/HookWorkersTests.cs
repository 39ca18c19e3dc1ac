using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.HookCalls;

namespace Atm0s.Sip.Tests.Asking;

/// <summary>Threads for the host's code: real ones, for what blocks can't be told in virtual time.</summary>
public sealed class HookWorkersTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private SemaphoreSlim _blocked = null!;
    private HookWorkers _workers = null!;

    [SetUp]
    public void SetUp()
    {
        _blocked = new SemaphoreSlim(0);
        _workers = new HookWorkers(SipScheduler.ThreadPool, TimeProvider.System, maxThreads: 6);
    }

    [TearDown]
    public void TearDown()
    {
        _blocked.Release(100);
        _workers.Dispose();
    }

    [Test]
    public void WhatRuns_HoldsNoThreadOfThePool()
    {
        var isOfPool = new TaskCompletionSource<bool>();
        _workers.Run(new Item(() => isOfPool.SetResult(Thread.CurrentThread.IsThreadPoolThread)));
        Assert.That(isOfPool.Task.Wait(Soon) && !isOfPool.Task.Result, Is.True);
    }

    [Test]
    public void WhatDoesNotBlock_HasOneThread_InOrder()
    {
        var (order, done) = (new List<int>(), new ManualResetEventSlim());
        for (var i = 0; i < 1000; i++)
        {
            var number = i;
            _workers.Run(new Item(() => order.Add(number)));
        }

        _workers.Run(new Item(done.Set));
        Assert.That(done.Wait(Soon), Is.True);
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public void QuestionsThatBlock_DoNotHoldTheNext_UpToTheLimit()
    {
        for (var i = 0; i < 5; i++)
            _workers.Run(new Item(_blocked.Wait));
        var sixth = new ManualResetEventSlim();
        _workers.Run(new Item(() =>
        {
            sixth.Set();
            _blocked.Wait();
        }));
        Assert.That(sixth.Wait(Soon), Is.True);
        var seventh = new ManualResetEventSlim();
        _workers.Run(new Item(seventh.Set));
        Assert.That(seventh.Wait(TimeSpan.FromMilliseconds(200)), Is.False);
        Assert.That(_workers.Count, Is.EqualTo(6));
        _blocked.Release(1);
        Assert.That(seventh.Wait(Soon), Is.True);
    }

    [Test]
    public void ObserversThatBlock_LeaveHalfOfTheThreadsToQuestions()
    {
        for (var i = 0; i < 20; i++)
            _workers.RunEvent(new Item(_blocked.Wait));
        var asked = new CountdownEvent(3);
        for (var i = 0; i < 3; i++)
        {
            _workers.Run(new Item(() =>
            {
                asked.Signal();
                _blocked.Wait();
            }));
        }

        Assert.That(asked.Wait(Soon), Is.True);
        Assert.That(_workers.Count, Is.LessThanOrEqualTo(6));
    }

    [Test]
    public void EventsThatFollowOneAnother_AreToldByOneThread_ThoughOthersAreIdle()
    {
        for (var i = 0; i < 3; i++)
            _workers.Run(new Item(_blocked.Wait));
        Assert.That(() => _workers.Count, Is.EqualTo(3).After(5000, 5));
        _blocked.Release(3);
        var threads = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            var told = new ManualResetEventSlim();
            _workers.RunEvent(new Item(() =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                told.Set();
            }));
            Assert.That(told.Wait(Soon), Is.True);
            SpinWait.SpinUntil(() => _workers.IsNapping, 50);
        }

        // Threads that are woken take turns. A busy machine may oversleep a nap now and then.
        Assert.That(threads.Zip(threads.Skip(1)).Count(pair => pair.First == pair.Second), Is.GreaterThan(5));
    }

    [Test]
    public void AnEventBehindOneThatBlocks_IsToldByAnIdleThread_ThoughTheFirstWasWokenByItself()
    {
        for (var i = 0; i < 2; i++)
            _workers.Run(new Item(_blocked.Wait));
        Assert.That(() => _workers.Count, Is.EqualTo(2).After(5000, 5));
        _blocked.Release(2);
        var first = new ManualResetEventSlim();
        _workers.RunEvent(new Item(first.Set));
        Assert.That(first.Wait(Soon), Is.True);

        // Both come while a thread naps: nobody is woken for them.
        var last = new ManualResetEventSlim();
        _workers.RunEvent(new Item(_blocked.Wait));
        _workers.RunEvent(new Item(last.Set));
        Assert.That(last.Wait(Soon), Is.True);
    }

    [Test]
    public void AQuestion_DoesNotWaitForTheEndOfANap()
    {
        var first = new ManualResetEventSlim();
        var answered = new ManualResetEventSlim();
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            first.Reset();
            answered.Reset();
            _workers.RunEvent(new Item(first.Set));
            Assert.That(first.Wait(Soon), Is.True);
            var start = System.Diagnostics.Stopwatch.StartNew();
            _workers.Run(new Item(answered.Set));
            Assert.That(answered.Wait(Soon), Is.True);
            best = start.Elapsed < best ? start.Elapsed : best;
        }

        Assert.That(best, Is.LessThan(TimeSpan.FromMilliseconds(15)));
    }

    [Test]
    public void AfterTheStop_WhatIsGivenStillRuns()
    {
        _workers.Dispose();
        var done = new ManualResetEventSlim();
        _workers.RunEvent(new Item(done.Set));
        Assert.That(done.Wait(Soon), Is.True);
        Assert.That(() => _workers.Count, Is.Zero.After(5000, 5));
    }

    [Test]
    public void WhatThrows_CostsItselfAlone([Values] bool isEvent)
    {
        var (failures, done) = (new System.Collections.Concurrent.ConcurrentBag<Exception>(), new CountdownEvent(10));
        using var workers = new HookWorkers(SipScheduler.ThreadPool, TimeProvider.System, maxThreads: 2, failures.Add);
        for (var i = 0; i < 10; i++)
        {
            Run(new Item(() => throw new InvalidOperationException("of this item")));
            Run(new Item(() => done.Signal()));
        }

        Assert.That(done.Wait(Soon), Is.True, "also events, of which one thread at a time tells");
        Assert.That(failures, Has.Count.EqualTo(10));
        Assert.That(workers.Count, Is.EqualTo(1));

        void Run(Item item)
        {
            if (isEvent)
                workers.RunEvent(item);
            else
                workers.Run(item);
        }
    }

    private sealed class Item(Action work) : IThreadPoolWorkItem
    {
        public void Execute() => work();
    }
}
