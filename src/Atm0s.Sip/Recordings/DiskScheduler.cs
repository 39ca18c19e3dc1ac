using System.Collections.Concurrent;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;

namespace Atm0s.Sip.Recordings;

/// <summary>
/// Threads that write files: two, made when the first recordings begin, and more when all of them have been held by a disk for a second. A
/// disk that hangs stops the recordings that are on it, and nothing else, as long as there are threads.
/// </summary>
/// <param name="faults">Gets what a piece of work throws.</param>
/// <param name="time">By what it is told that they are held.</param>
internal sealed class DiskScheduler(Faults? faults = null, TimeProvider? time = null) : SipScheduler, IDisposable
{
    private const int Threads = 2;

    /// <summary>Threads that disks may hold.</summary>
    public const int MaxThreads = 16;

    private static readonly TimeSpan Held = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly BlockingCollection<IThreadPoolWorkItem> _work = [];
    private int _threads;
    private int _busy;
    private long _takenAt;

    public override void Schedule(IThreadPoolWorkItem item)
    {
        try
        {
            _work.Add(item);
        }
        catch (InvalidOperationException)
        {
            // The server has stopped; who waits for its end still gets it.
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(new Guarded(this, item), preferLocal: false);
            return;
        }

        var threads = Volatile.Read(ref _threads);
        if ((threads < Threads || IsHeld(threads)) && Interlocked.CompareExchange(ref _threads, threads + 1, threads) == threads)
            new Thread(Run) { IsBackground = true, Name = "sip recordings" }.Start();
    }

    /// <summary>Takes no more; what waits is still written.</summary>
    public void Dispose() => _work.CompleteAdding();

    // Whoever records comes here five times in a second: there is always somebody who looks.
    private bool IsHeld(int threads) =>
        threads < MaxThreads && Volatile.Read(ref _busy) >= threads && _time.GetElapsedTime(Volatile.Read(ref _takenAt)) > Held;

    private void Run()
    {
        foreach (var item in _work.GetConsumingEnumerable())
        {
            Volatile.Write(ref _takenAt, _time.GetTimestamp());
            Interlocked.Increment(ref _busy);
            Execute(item);
            Interlocked.Decrement(ref _busy);
        }
    }

    private void Execute(IThreadPoolWorkItem item)
    {
        try
        {
            item.Execute();
        }
#pragma warning disable CA1031 // Of one recording; it must end neither the others nor the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            faults?.Tell(exception, "recordings");
        }
    }

    private sealed class Guarded(DiskScheduler scheduler, IThreadPoolWorkItem item) : IThreadPoolWorkItem
    {
        void IThreadPoolWorkItem.Execute() => scheduler.Execute(item);
    }
}
