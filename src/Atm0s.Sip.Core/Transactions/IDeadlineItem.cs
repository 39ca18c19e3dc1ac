namespace Atm0s.Sip.Core.Transactions;

/// <summary>Something with at most one next deadline that can sit in a <see cref="DeadlineQueue"/>.</summary>
internal interface IDeadlineItem
{
    /// <summary>The monotonic time of the next deadline, or null when there is none.</summary>
    TimeSpan? NextDeadline { get; }

    /// <summary>Place in the queue, kept by the queue alone. An object starts with -1 (<see cref="DeadlineQueue.NotQueued"/>).</summary>
    int DeadlineSlot { get; set; }

    /// <summary>Does what is due at <paramref name="now"/>. Harmless when nothing is due.</summary>
    /// <param name="now">Monotonic time.</param>
    void OnDeadline(TimeSpan now);
}
