using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.HookCalls;

/// <summary>A question that is being put to the host.</summary>
internal sealed class HookQuestion<THook, TAnswer>(
    HookRunner runner,
    SipShard shard,
    TimeSpan timeout,
    string id,
    Func<THook, CancellationToken, ValueTask<TAnswer>> question,
    Action<SipShard, HookOutcome<TAnswer>> onOutcome) : IThreadPoolWorkItem, IDisposable
    where THook : class
{
    private readonly CancellationTokenSource _cancel = new();
    private bool _done;      // touched on the shard only

    public TimeSpan Timeout => timeout;

    public string Id => id;

    public Func<THook, CancellationToken, ValueTask<TAnswer>> Question => question;

    public CancellationToken Cancelled => _cancel.Token;

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

    internal void Complete(HookOutcome<TAnswer> outcome) =>
        shard.Post(static (shard, self, outcome) => ((HookQuestion<THook, TAnswer>)self!).Deliver(shard, (HookOutcome<TAnswer>)outcome!),
            this, outcome);

    private void Deliver(SipShard owner, HookOutcome<TAnswer> outcome)
    {
        if (_done)
        {
            runner.CountLate(typeof(THook).Name);
            return;
        }

        _done = true;
        onOutcome(owner, outcome);
    }
}
