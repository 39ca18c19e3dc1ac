namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// The deadlines of one shard: a four-way heap of objects that know their own place in it, so that moving and removing are O(log n).
/// Allocates only when it grows. Not thread-safe.
/// </summary>
/// <remarks>
/// After any call into an item its owner calls <see cref="Update"/>. An item may sit in one queue at a time. Items with equal
/// deadlines come out in no particular order.
/// </remarks>
internal sealed class DeadlineQueue
{
    /// <summary>The <see cref="IDeadlineItem.DeadlineSlot"/> of an item that sits in no queue.</summary>
    public const int NotQueued = -1;

    // Four children per node: half the depth of a binary heap, and the four keys of a level share one or two cache lines.
    private const int Arity = 4;

    private (TimeSpan Deadline, IDeadlineItem Item)[] _heap;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="capacity">Items held before the first growth.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public DeadlineQueue(int capacity = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _heap = new (TimeSpan, IDeadlineItem)[capacity];
    }

    /// <summary>Number of items with a deadline.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest deadline, or null when the queue is empty.</summary>
    public TimeSpan? Next => Count == 0 ? null : _heap[0].Deadline;

    /// <summary>Adds, moves or removes the item according to its <see cref="IDeadlineItem.NextDeadline"/>.</summary>
    /// <param name="item">The item that may have changed.</param>
    public void Update(IDeadlineItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.NextDeadline is not { } deadline)
        {
            Remove(item);
            return;
        }

        var slot = item.DeadlineSlot;
        if (slot < 0)
        {
            if (Count == _heap.Length)
                Array.Resize(ref _heap, Count * 2);
            SiftUp(Count++, (deadline, item));
            return;
        }

        var old = _heap[slot].Deadline;
        if (deadline < old)
            SiftUp(slot, (deadline, item));
        else if (deadline > old)
            SiftDown(slot, (deadline, item));
    }

    /// <summary>Takes the item out. Harmless when it is not in the queue.</summary>
    /// <param name="item">The item to forget.</param>
    public void Remove(IDeadlineItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var slot = item.DeadlineSlot;
        if (slot < 0)
            return;
        item.DeadlineSlot = NotQueued;
        var last = _heap[--Count];
        _heap[Count] = default;
        if (slot == Count)
            return;
        if (slot > 0 && last.Deadline < _heap[(slot - 1) / Arity].Deadline)
            SiftUp(slot, last);
        else
            SiftDown(slot, last);
    }

    /// <summary>Takes out one item whose deadline is at or before <paramref name="now"/>, earliest first.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="item">The item; the caller calls its OnDeadline and then <see cref="Update"/>.</param>
    /// <returns>False when nothing is due.</returns>
    public bool TryPopDue(TimeSpan now, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IDeadlineItem? item)
    {
        if (Count == 0 || _heap[0].Deadline > now)
        {
            item = null;
            return false;
        }

        item = _heap[0].Item;
        Remove(item);
        return true;
    }

    /// <summary>Runs everything that is due, earliest first, and puts back what has a further deadline.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="limit">Most items to run; the rest stays due. Keeps one late shard from starving its input.</param>
    /// <returns>Number of items that ran.</returns>
    public int RunDue(TimeSpan now, int limit = int.MaxValue)
    {
        var ran = 0;
        while (ran < limit && TryPopDue(now, out var item))
        {
            item.OnDeadline(now);
            Update(item);
            ran++;
        }

        return ran;
    }

    private void SiftUp(int slot, (TimeSpan Deadline, IDeadlineItem Item) entry)
    {
        while (slot > 0)
        {
            var parent = (slot - 1) / Arity;
            if (_heap[parent].Deadline <= entry.Deadline)
                break;
            Place(slot, _heap[parent]);
            slot = parent;
        }

        Place(slot, entry);
    }

    private void SiftDown(int slot, (TimeSpan Deadline, IDeadlineItem Item) entry)
    {
        while (true)
        {
            var first = (slot * Arity) + 1;
            if (first >= Count)
                break;
            var smallest = first;
            var end = Math.Min(first + Arity, Count);
            for (var child = first + 1; child < end; child++)
            {
                if (_heap[child].Deadline < _heap[smallest].Deadline)
                    smallest = child;
            }

            if (_heap[smallest].Deadline >= entry.Deadline)
                break;
            Place(slot, _heap[smallest]);
            slot = smallest;
        }

        Place(slot, entry);
    }

    private void Place(int slot, (TimeSpan Deadline, IDeadlineItem Item) entry)
    {
        _heap[slot] = entry;
        entry.Item.DeadlineSlot = slot;
    }
}
