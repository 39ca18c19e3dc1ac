using System.Collections.Concurrent;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;

namespace Atm0s.Sip.Recordings;

/// <summary>
/// Two threads that write files, made when the first recording begins: a disk that hangs stops recordings, and nothing else.
/// </summary>
/// <param name="faults">Gets what a piece of work throws.</param>
internal sealed class DiskScheduler(Faults? faults = null) : SipScheduler, IDisposable
{
    private const int Threads = 2;

    private readonly BlockingCollection<IThreadPoolWorkItem> _work = [];
    private int _threads;

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

        if (Volatile.Read(ref _threads) < Threads && Interlocked.Increment(ref _threads) <= Threads)
            new Thread(Run) { IsBackground = true, Name = "sip recordings" }.Start();
    }

    /// <summary>Takes no more; what waits is still written.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var item in _work.GetConsumingEnumerable())
            Execute(item);
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
