using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Testing;

/// <summary>Runs shards and handlers when the test says so, one after the other, on the test's own thread.</summary>
public sealed class ManualScheduler : SipScheduler
{
    private readonly Queue<IThreadPoolWorkItem> _work = new();
    private readonly Lock _lock = new();

    /// <summary>Whether nothing waits.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _work.Count == 0;
        }
    }

    /// <inheritdoc/>
    public override void Schedule(IThreadPoolWorkItem item)
    {
        lock (_lock)
            _work.Enqueue(item);
    }

    /// <summary>Runs everything that waits, and what that schedules.</summary>
    public void RunUntilIdle()
    {
        for (var i = 0; ; i++)
        {
            if (i == 1_000_000)
                throw new InvalidOperationException(
                    "A million pieces of work at one instant of virtual time: something goes round in a circle.");
            IThreadPoolWorkItem? item;
            lock (_lock)
            {
                if (!_work.TryDequeue(out item))
                    return;
            }

            item.Execute();
        }
    }
}
