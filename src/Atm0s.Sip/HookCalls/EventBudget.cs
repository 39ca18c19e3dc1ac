using Atm0s.Sip.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.HookCalls;

/// <summary>
/// How many events may wait for observers in all. The last fifth is for beginnings and ends. What finds no place is lost, counted, and
/// logged once until there is room again. Any thread.
/// </summary>
/// <param name="max">How many.</param>
/// <param name="metrics">Counts what is lost.</param>
/// <param name="logger">Is told that something is.</param>
internal sealed class EventBudget(int max, SipServerMetrics metrics, ILogger logger)
{
    private readonly int _maxDispensable = max - (max / 5);
    private int _waiting;
    private int _isFull;
    private TaskCompletionSource? _empty;

    /// <summary>Events that wait, or are being told.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Takes a place for an event; false when it is lost.</summary>
    /// <param name="isDispensable">Whether it is neither beginning nor end.</param>
    /// <param name="hook">Whose it is.</param>
    public bool TryTake(bool isDispensable, string hook)
    {
        if (Interlocked.Increment(ref _waiting) <= (isDispensable ? _maxDispensable : max))
            return true;
        Interlocked.Decrement(ref _waiting);
        OnLost(hook);
        if (Interlocked.Exchange(ref _isFull, 1) == 0)
            ServerLog.EventsLost(logger, hook, max);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void GiveBack()
    {
        var waiting = Interlocked.Decrement(ref _waiting);
        if (waiting < max / 2 && Volatile.Read(ref _isFull) != 0)
            Volatile.Write(ref _isFull, 0);
        if (waiting == 0)
            Volatile.Read(ref _empty)?.TrySetResult();
    }

    /// <summary>Completes when all that is posted by now has been told. Asked once: when the server stops, and nothing comes any more.</summary>
    public Task WhenEmptyAsync()
    {
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // In this order: the last one that gives its place back sees who waits, or who waits sees that it has.
        Interlocked.Exchange(ref _empty, empty);
        if (Waiting == 0)
            empty.TrySetResult();
        return empty.Task;
    }

    /// <summary>An event is lost.</summary>
    public void OnLost(string hook) => metrics.EventLost(hook);
}
