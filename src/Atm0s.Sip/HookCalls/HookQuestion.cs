using System.Diagnostics;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.HookCalls;

/// <summary>A question that is being put to the host. Its limit is a deadline of the shard, which no handler can hold up.</summary>
internal sealed class HookQuestion<THook, TAnswer>(
    HookRunner runner,
    HookKind<THook> kind,
    SipShard shard,
    TimeSpan timeout,
    string id,
    Func<THook, CancellationToken, ValueTask<TAnswer>> question,
    Action<SipShard, HookOutcome<TAnswer>> onOutcome,
    Action<SipShard, TAnswer>? onLate,
    IHookOrigin? origin = null) : IHookUnderWay, IThreadPoolWorkItem, IDeadlineItem, IDisposable
    where THook : class
{
    private HookOutcome<TAnswer> _outcome;
    private CancellationTokenSource? _cancel;
    private TimeSpan? _due;             // touched on the shard only, as is what follows
    private bool _done;
    private bool _isCancelled;
    private int _isSettled;

    public TimeSpan Timeout => timeout;

    public string Id => id;

    public HookKind<THook> Kind => kind;

    /// <summary>For whom it is asked; null for nobody in particular.</summary>
    public IHookOrigin? Origin => origin;

    /// <summary>Its span in the trace of the call; null where nobody wants one.</summary>
    public Activity? Span { get; init; }

    /// <summary>Timestamp of the moment in which it was asked.</summary>
    public long AskedAt { get; init; }

    public Func<THook, CancellationToken, ValueTask<TAnswer>> Question => question;

    /// <summary>What the handler hears of it by, when nobody wants its answer any more.</summary>
    public CancellationToken Token => _cancel!.Token;

    /// <summary>Whether the caller has gone.</summary>
    public bool IsCancelled => Volatile.Read(ref _isCancelled);

    /// <summary>Whether it has an outcome, which may still be on its way to the shard.</summary>
    public bool IsSettled => Volatile.Read(ref _isSettled) != 0;

    /// <summary>Whether somebody wants an answer that comes too late.</summary>
    public bool WantsLateAnswer => onLate is not null;

    TimeSpan? IDeadlineItem.NextDeadline => _due;

    int IDeadlineItem.DeadlineSlot { get; set; } = DeadlineQueue.NotQueued;

    void IThreadPoolWorkItem.Execute() => _ = runner.RunAsync(this, null);

    /// <summary>It takes time: from now on it has a limit. On the shard only.</summary>
    /// <param name="cancel">Cancels the handler's token.</param>
    public void Begin(CancellationTokenSource cancel)
    {
        _cancel = cancel;
        _due = shard.Now + timeout;
        shard.Reschedule(this);
    }

    /// <summary>Cancels the question; its outcome will not be delivered. On the shard only.</summary>
    public void Dispose()
    {
        if (_done)
            return;
        _done = true;
        Volatile.Write(ref _isCancelled, true);
        EndLimit();
        Cancel();
    }

    /// <summary>Nobody wants the answer any more: the handler's token is cancelled. Any thread.</summary>
    public void Cancel()
    {
        if (_cancel is { } cancel)
            runner.Cancel(cancel, kind.Name, id);
    }

    void IDeadlineItem.OnDeadline(TimeSpan now)
    {
        if (_due is null || _due > now)
            return;
        _due = null;
        try
        {
            runner.Settle(this, new HookOutcome<TAnswer>(HookStatus.TimedOut));
        }
        finally
        {
            Cancel();
        }
    }

    /// <summary>Gives the outcome to the shard. False when there is one already.</summary>
    internal bool TryComplete(HookOutcome<TAnswer> outcome)
    {
        if (Interlocked.Exchange(ref _isSettled, 1) != 0)
            return false;
        _outcome = outcome;
        shard.Post(Deliver);
        return true;
    }

    /// <summary>An answer that came when nobody waited for it any more.</summary>
    internal void CompleteLate(TAnswer answer)
    {
        runner.CountLate(kind.Name);
        if (onLate is not null)
            shard.Post(owner => onLate(owner, answer));
    }

    private void Deliver(SipShard owner)
    {
        EndLimit();
        if (!_done)
        {
            _done = true;
            onOutcome(owner, _outcome);
        }
        else if (_outcome.Status == HookStatus.Answered)
        {
            // The caller has gone while the answer was on its way here.
            runner.CountLate(kind.Name);
            onLate?.Invoke(owner, _outcome.Answer!);
        }
    }

    private void EndLimit()
    {
        if (_due is null)
            return;
        _due = null;
        shard.Reschedule(this);
    }
}
