namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// When a shard that has nothing else to do looks for what has lingered long enough: seconds later, for that only takes memory, which is
/// bounded. A shard that runs anyway ends it in passing, and then this time does not come. Not thread-safe.
/// </summary>
/// <param name="lingering">What lingers there.</param>
internal sealed class LingerSweep(LingeringTransactions lingering) : IDeadlineItem
{
    /// <summary>Records that are ended in one step.</summary>
    public const int MaxAtOnce = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public TimeSpan? NextDeadline => lingering.NextDeadline is { } end
        ? new TimeSpan(((end + Patience).Ticks + Patience.Ticks - 1) / Patience.Ticks * Patience.Ticks)
        : null;

    /// <inheritdoc/>
    int IDeadlineItem.DeadlineSlot { get; set; } = DeadlineQueue.NotQueued;

    /// <inheritdoc/>
    public void OnDeadline(TimeSpan now) => lingering.End(now, MaxAtOnce);
}
