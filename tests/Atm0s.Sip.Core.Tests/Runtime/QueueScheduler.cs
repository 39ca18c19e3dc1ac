using System.Collections.Concurrent;
using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Core.Tests.Runtime;

/// <summary>Keeps what is scheduled until the test runs it.</summary>
internal sealed class QueueScheduler : SipScheduler
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _work = [];

    /// <summary>Pieces that wait.</summary>
    public int Waiting => _work.Count;

    /// <summary>Pieces so far.</summary>
    public int Total { get; private set; }

    public override void Schedule(IThreadPoolWorkItem item)
    {
        Total++;
        _work.Enqueue(item);
    }

    public bool RunOne()
    {
        if (!_work.TryDequeue(out var item))
            return false;
        item.Execute();
        return true;
    }

    public void RunAll()
    {
        while (RunOne())
        {
        }
    }
}
