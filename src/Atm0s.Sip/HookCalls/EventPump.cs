using System.Runtime.InteropServices;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Diagnostics.Tracing;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.HookCalls;

/// <summary>
/// Tells the observers of one kind: never on a shard, in order and one event at a time for each call or session. One that is slow holds up
/// the events of that call or session alone. Nothing is kept for a call or session of which no event waits. Any thread.
/// </summary>
/// <param name="source">Where the observers come from.</param>
/// <param name="tell">Tells one of them.</param>
/// <param name="workers">Where they run.</param>
/// <param name="budget">How many events may wait in all.</param>
/// <param name="timeout">Limit for one event and observer; then the next is told.</param>
/// <param name="timeProvider">Clock of the limit.</param>
/// <param name="logger">Gets what an observer throws.</param>
/// <param name="sipCallIdOf">The Call-ID of the phone in an event; null where events are of no call.</param>
internal sealed class EventPump<THook, TEvent>(
    HookSource source,
    Func<THook, TEvent, CancellationToken, ValueTask> tell,
    HookWorkers workers,
    EventBudget budget,
    TimeSpan timeout,
    TimeProvider timeProvider,
    ILogger logger,
    Func<TEvent, string?>? sipCallIdOf = null)
    where THook : class
{
    private const int MaxSpare = 64;
    private const int EventsPerTurn = 16;

    private static readonly string Name = typeof(THook).Name;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, EventLane<TEvent>> _lanes = new(StringComparer.Ordinal);
    private readonly Stack<EventLane<TEvent>> _spare = new();
    private readonly Observer[]? _observers = source.TryGetFixed<THook>(out var observers)
        ? [.. observers.Select(o => new Observer(o, o.GetType().IsDefined(typeof(NonBlockingAttribute), inherit: false)))]
        : null;
    private CancellationTokenSource? _spareLimit;

    /// <summary>Whether there is anybody to tell.</summary>
    public bool HasObservers { get; } = source.Has<THook>();

    /// <summary>Calls or sessions of which events wait.</summary>
    public int Lanes
    {
        get
        {
            lock (_lock)
                return _lanes.Count;
        }
    }

    /// <summary>
    /// Tells something, after what was told before of the same call or session.
    /// </summary>
    /// <param name="id">The call or session.</param>
    /// <param name="what">What is told.</param>
    /// <param name="isDispensable">Whether it may be left out when too much waits for a slow observer: what a phone can make as often as it
    /// likes.</param>
    /// <param name="trace">The trace that it belongs to; null for none.</param>
    public void Post(string id, TEvent what, bool isDispensable, CallTrace? trace = null)
    {
        if (!HasObservers || !budget.TryTake(isDispensable, Name))
            return;
        EventLane<TEvent>? opened = null;
        var isFirstLoss = false;
        lock (_lock)
        {
            ref var lane = ref CollectionsMarshal.GetValueRefOrAddDefault(_lanes, id, out var exists);
            if (!exists)
            {
                opened = lane = _spare.TryPop(out var spare) ? spare : new EventLane<TEvent>(Run);
                lane.Open(id);
            }

            if (!lane!.Add(what, isDispensable, trace))
            {
                isFirstLoss = !lane.HasLost;
                lane.HasLost = true;
                budget.OnLost(Name);
                budget.GiveBack();
            }
        }

        if (isFirstLoss)
            ServerLog.EventsDropped(LogOf(id, what), Name, id);
        if (opened is not null)
            workers.RunEvent(opened);
    }

    private void Run(EventLane<TEvent> lane)
    {
        for (var i = 0; i < EventsPerTurn; i++)
        {
            TEvent? what;
            CallTrace? trace;
            lock (_lock)
            {
                if (!lane.TryTake(out what, out trace))
                {
                    _lanes.Remove(lane.Id);
                    lane.Close();
                    if (_spare.Count < MaxSpare)
                        _spare.Push(lane);
                    return;
                }
            }

            if (Tell(lane, what, trace) is { IsCompleted: false } telling)
            {
                _ = GoOnAsync(lane, telling);
                return;
            }

            budget.GiveBack();
        }

        workers.RunEvent(lane);
    }

    // What is thrown here costs this event: the lane has others, and nobody else would go on with it.
    private Task? Tell(EventLane<TEvent> lane, TEvent what, CallTrace? trace)
    {
        try
        {
            return trace is null ? TellAll(lane.Id, what) : TellTracedAsync(lane.Id, what, trace);
        }
        catch
        {
            budget.GiveBack();
            workers.RunEvent(lane);
            throw;
        }
    }

    private async Task GoOnAsync(EventLane<TEvent> lane, Task telling)
    {
        try
        {
            await telling.ConfigureAwait(true);
        }
        finally
        {
            // Whatever a listener of traces or the log throws costs this event, and not those after it.
            budget.GiveBack();
            workers.RunEvent(lane);
        }
    }

    // The host's own spans and requests belong to the call's trace. Ends with this method, as all that is set within one.
    private async Task TellTracedAsync(string id, TEvent what, CallTrace trace)
    {
        var span = trace.BeginHook("sip.observe", Name);
        span?.SetTag(SpanTags.Event, what!.GetType().Name);
        Spans.Enter(trace.CurrentFor(span));
        if (TellAll(id, what) is { } telling)
            await telling.ConfigureAwait(true);
        if (span is not null)
            trace.End(span, "Told", isError: false);
    }

    private ILogger LogOf(string id, TEvent what) =>
        sipCallIdOf?.Invoke(what) is { } sipCallId ? new CallLogger(logger, id, sipCallId) : logger;

    // Null when all have been told; else a task that never fails.
    private Task? TellAll(string id, TEvent what)
    {
        if (_observers is null)
            return TellScopedAsync(id, what);
        for (var i = 0; i < _observers.Length; i++)
        {
            if (TellOne(id, _observers[i], what) is { IsCompleted: false } telling)
                return TellRestAsync(id, what, telling, i + 1);
        }

        return null;
    }

    private async Task TellRestAsync(string id, TEvent what, Task telling, int next)
    {
        await telling.ConfigureAwait(true);
        for (; next < _observers!.Length; next++)
        {
            if (TellOne(id, _observers[next], what) is { } other)
                await other.ConfigureAwait(true);
        }
    }

    private async Task TellScopedAsync(string id, TEvent what)
    {
        try
        {
            await using var scope = source.Open();
            foreach (var observer in scope.GetAll<THook>())
            {
                if (TellOne(id, new Observer(observer, false), what) is { } telling)
                    await telling.ConfigureAwait(true);
            }
        }
#pragma warning disable CA1031 // An observer can't hurt the call it observes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.HookFailed(LogOf(id, what), exception, Name, id);
        }
    }

    // Each has the whole time, and one that fails does not keep the event from the others. Null when it has been told.
    private Task? TellOne(string id, Observer observer, TEvent what)
    {
        var limit = (observer.KeepsNoToken ? Interlocked.Exchange(ref _spareLimit, null) : null) ?? new CancellationTokenSource();
        try
        {
            var told = tell(observer.Hook, what, limit.Token);
            if (!told.IsCompletedSuccessfully)
                return WaitAsync(id, what, told.AsTask(), limit);
            if (observer.KeepsNoToken && limit.TryReset())
                Volatile.Write(ref _spareLimit, limit);
        }
#pragma warning disable CA1031 // An observer can't hurt the call it observes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.HookFailed(LogOf(id, what), exception, Name, id);
        }

        return null;
    }

    private async Task WaitAsync(string id, TEvent what, Task told, CancellationTokenSource limit)
    {
        try
        {
            var overdue = new HookCancel(limit, exception => ServerLog.HookFailed(LogOf(id, what), exception, Name, id));
            using var timer = timeProvider.CreateTimer(
                item => ((IThreadPoolWorkItem)item!).Execute(), overdue, timeout, Timeout.InfiniteTimeSpan);
            await told.WaitAsync(limit.Token).ConfigureAwait(true);
        }
#pragma warning disable CA1031 // An observer can't hurt the call it observes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.HookFailed(LogOf(id, what), exception, Name, id);
        }
    }

    // Who has promised not to keep his token may have a used one.
    private readonly record struct Observer(THook Hook, bool KeepsNoToken);
}
