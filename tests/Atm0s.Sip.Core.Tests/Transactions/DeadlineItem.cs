using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

internal sealed class DeadlineItem(List<DeadlineItem> ran) : IDeadlineItem
{
    public TimeSpan? NextDeadline { get; set; }

    public int DeadlineSlot { get; set; } = DeadlineQueue.NotQueued;

    internal TimeSpan? Period { get; init; }

    internal Action? OnRun { get; set; }

    public void OnDeadline(TimeSpan now)
    {
        NextDeadline = Period is { } period ? now + period : null;
        ran.Add(this);
        OnRun?.Invoke();
    }
}
