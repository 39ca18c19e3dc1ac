using System.Collections.Concurrent;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.HookCalls;

/// <summary>Tells the observers about one call or session: in order, one event at a time, never on a shard.</summary>
/// <param name="source">Where the observers come from.</param>
/// <param name="scheduler">Where it runs.</param>
/// <param name="timeout">Limit for one event; then the next is delivered.</param>
/// <param name="timeProvider">Clock of the limit.</param>
/// <param name="id">Call or session id for the log.</param>
/// <param name="logger">Gets what the observer throws.</param>
internal sealed class EventQueue<THook>(
    HookSource source, SipScheduler scheduler, TimeSpan timeout, TimeProvider timeProvider, string id, ILogger logger) : IThreadPoolWorkItem
    where THook : class
{
    private const int MaxWaiting = 1024;

    private readonly ConcurrentQueue<Func<THook, CancellationToken, ValueTask>> _events = new();
    private int _running;
    private int _hasDropped;

    /// <summary>
    /// Tells something, after what was told before.
    /// </summary>
    /// <param name="tell">Tells an observer.</param>
    /// <param name="isDispensable">Whether it may be left out when too much waits for a slow observer: what a phone can make as often as it
    /// likes.</param>
    public void Post(Func<THook, CancellationToken, ValueTask> tell, bool isDispensable = false)
    {
        if (isDispensable && _events.Count >= MaxWaiting)
        {
            if (Interlocked.Exchange(ref _hasDropped, 1) == 0)
                ServerLog.EventsDropped(logger, typeof(THook).Name, id);
            return;
        }

        _events.Enqueue(tell);
        if (Interlocked.Exchange(ref _running, 1) == 0)
            scheduler.Schedule(this);
    }

    void IThreadPoolWorkItem.Execute() => _ = DrainAsync();

    private async Task DrainAsync()
    {
        do
        {
            while (_events.TryDequeue(out var tell))
                await TellAsync(tell).ConfigureAwait(false);
            Volatile.Write(ref _running, 0);
        }
        while (!_events.IsEmpty && Interlocked.Exchange(ref _running, 1) == 0);
    }

    private async Task TellAsync(Func<THook, CancellationToken, ValueTask> tell)
    {
        try
        {
            await using var scope = source.Open();
            foreach (var observer in scope.GetAll<THook>())
                await TellAsync(observer, tell).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // An observer can't hurt the call it observes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.HookFailed(logger, exception, typeof(THook).Name, id);
        }
    }

    // Each has the whole time, and one that fails does not keep the event from the others.
    private async Task TellAsync(THook observer, Func<THook, CancellationToken, ValueTask> tell)
    {
        try
        {
            using var limit = new CancellationTokenSource(timeout, timeProvider);
            var told = tell(observer, limit.Token);
            if (!told.IsCompletedSuccessfully)
                await told.AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // An observer can't hurt the call it observes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.HookFailed(logger, exception, typeof(THook).Name, id);
        }
    }
}
