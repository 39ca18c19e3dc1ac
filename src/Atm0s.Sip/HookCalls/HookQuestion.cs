using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.HookCalls;

/// <summary>A question that is being put to the host.</summary>
internal sealed class HookQuestion<THook, TAnswer>(
    HookRunner runner,
    SipShard shard,
    TimeSpan timeout,
    string id,
    Func<THook, CancellationToken, ValueTask<TAnswer>> question,
    Action<SipShard, HookOutcome<TAnswer>> onOutcome,
    Action<SipShard, TAnswer>? onLate) : IThreadPoolWorkItem, IDisposable
    where THook : class
{
    private readonly CancellationTokenSource _cancel = new();
    private int _isSettled;
    private bool _done;      // touched on the shard only

    public TimeSpan Timeout => timeout;

    public string Id => id;

    public Func<THook, CancellationToken, ValueTask<TAnswer>> Question => question;

    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Whether somebody wants an answer that comes too late.</summary>
    public bool WantsLateAnswer => onLate is not null;

    void IThreadPoolWorkItem.Execute() => _ = runner.RunAsync(this);

    /// <summary>Cancels the question; its outcome will not be delivered. On the shard only.</summary>
    public void Dispose()
    {
        if (_done)
            return;
        _done = true;
        // Cancelling runs the handler's registrations: never on the shard.
        _ = _cancel.CancelAsync();
    }

    /// <summary>Gives the outcome to the shard. False when there is one already.</summary>
    internal bool TryComplete(HookOutcome<TAnswer> outcome)
    {
        if (Interlocked.Exchange(ref _isSettled, 1) != 0)
            return false;
        shard.Post(owner => Deliver(owner, outcome));
        return true;
    }

    /// <summary>An answer that came when nobody waited for it any more.</summary>
    internal void CompleteLate(TAnswer answer)
    {
        runner.CountLate(typeof(THook).Name);
        if (onLate is not null)
            shard.Post(owner => onLate(owner, answer));
    }

    private void Deliver(SipShard owner, HookOutcome<TAnswer> outcome)
    {
        if (!_done)
        {
            _done = true;
            onOutcome(owner, outcome);
        }
        else if (outcome.Status == HookStatus.Answered)
        {
            // The caller has gone while the answer was on its way here.
            runner.CountLate(typeof(THook).Name);
            onLate?.Invoke(owner, outcome.Answer!);
        }
    }
}
