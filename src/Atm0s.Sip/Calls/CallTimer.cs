using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Calls;

/// <summary>A deadline of a call on its shard, under its guard. Set and cancelled on the shard only.</summary>
/// <param name="call">The call.</param>
/// <param name="onDue">Runs on the shard when the deadline passes.</param>
internal sealed class CallTimer(Call call, Action onDue) : IDeadlineItem
{
    private TimeSpan? _due;

    /// <summary>True while a deadline is set.</summary>
    public bool IsSet => _due is not null;

    TimeSpan? IDeadlineItem.NextDeadline => _due;

    int IDeadlineItem.DeadlineSlot { get; set; } = DeadlineQueue.NotQueued;

    /// <summary>Sets the deadline, in place of an earlier one.</summary>
    /// <param name="delay">From now; zero or less means as soon as possible.</param>
    public void Set(TimeSpan delay)
    {
        _due = call.Shard.Now + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
        call.Shard.Reschedule(this);
    }

    /// <summary>Sets the deadline where there is one.</summary>
    /// <param name="limit">From now; infinite for none.</param>
    public void SetUnlessEndless(TimeSpan limit)
    {
        if (!limit.IsEndless())
            Set(limit);
    }

    /// <summary>Removes the deadline. Nothing happens when none is set.</summary>
    public void Cancel()
    {
        if (_due is null)
            return;
        _due = null;
        call.Shard.Reschedule(this);
    }

    void IDeadlineItem.OnDeadline(TimeSpan now)
    {
        if (_due is not { } due || due > now)
            return;
        _due = null;
        call.Guard(onDue);
    }
}
