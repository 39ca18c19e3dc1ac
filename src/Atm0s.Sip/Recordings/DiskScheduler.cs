using System.Collections.Concurrent;
using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Recordings;

/// <summary>
/// Two threads that write files, made when the first recording begins: a disk that hangs stops recordings, and nothing else.
/// </summary>
internal sealed class DiskScheduler : SipScheduler, IDisposable
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
            return; // the server has stopped
        }

        if (Volatile.Read(ref _threads) < Threads && Interlocked.Increment(ref _threads) <= Threads)
            new Thread(Run) { IsBackground = true, Name = "sip recordings" }.Start();
    }

    /// <summary>Takes no more; what waits is still written.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var item in _work.GetConsumingEnumerable())
            item.Execute();
    }
}
