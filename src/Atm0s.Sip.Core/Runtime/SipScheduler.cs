namespace Atm0s.Sip.Core.Runtime;

/// <summary>
/// Where hooks run, and shards that no receiving thread runs itself. The thread pool in production; a queue that a test empties by hand in
/// virtual time.
/// </summary>
public abstract class SipScheduler
{
    /// <summary>The .NET thread pool.</summary>
    public static SipScheduler ThreadPool { get; } = new PoolScheduler();

    /// <summary>Runs <paramref name="item"/> soon, on no particular thread, never inside this call.</summary>
    public abstract void Schedule(IThreadPoolWorkItem item);

    private sealed class PoolScheduler : SipScheduler
    {
        public override void Schedule(IThreadPoolWorkItem item) =>
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
    }
}
