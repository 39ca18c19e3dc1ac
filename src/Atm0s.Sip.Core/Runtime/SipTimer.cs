using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>A deadline of a call or registration on one shard. Set and cancelled on the shard only.</summary>
/// <param name="shard">The shard it belongs to.</param>
/// <param name="onDue">Runs on the shard when the deadline passes.</param>
internal sealed class SipTimer(SipShard shard, Action<SipShard> onDue) : IDeadlineItem
{
    private TimeSpan? _due;

    /// <summary>True while a deadline is set.</summary>
    public bool IsSet => _due is not null;

    /// <inheritdoc/>
    TimeSpan? IDeadlineItem.NextDeadline => _due;

    /// <inheritdoc/>
    int IDeadlineItem.DeadlineSlot { get; set; } = DeadlineQueue.NotQueued;

    /// <summary>Sets the deadline, in place of an earlier one.</summary>
    /// <param name="delay">From now; zero or less means as soon as possible.</param>
    public void Set(TimeSpan delay)
    {
        _due = shard.Now + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
        shard.Reschedule(this);
    }

    /// <summary>Removes the deadline. Nothing happens when none is set.</summary>
    public void Cancel()
    {
        if (_due is null)
            return;
        _due = null;
        shard.Reschedule(this);
    }

    /// <inheritdoc/>
    void IDeadlineItem.OnDeadline(TimeSpan now)
    {
        if (_due is not { } due || due > now)
            return;
        _due = null;
        onDue(shard);
    }
}
