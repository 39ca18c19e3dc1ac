namespace Atm0s.Sip.Calls.Records;

/// <summary>Calls of one kind that are kept, by count, bytes and age; the oldest give way. Under the lock of its owner.</summary>
/// <param name="maxCount">How many.</param>
/// <param name="maxBytes">How many bytes.</param>
/// <param name="maxAge">For how long.</param>
internal sealed class RecordShelf(int maxCount, long maxBytes, TimeSpan maxAge)
{
    private readonly Queue<KeptCall> _calls = new();
    private long _bytes;

    /// <summary>What is kept, oldest first.</summary>
    public IReadOnlyCollection<KeptCall> Calls => _calls;

    /// <summary>Whether it keeps anything at all.</summary>
    public bool IsOpen => maxCount > 0;

    /// <summary>Keeps a call; the limits are held by <see cref="TryDropOne"/>.</summary>
    public void Add(KeptCall call)
    {
        _calls.Enqueue(call);
        _bytes += call.Bytes;
    }

    /// <summary>Drops the oldest call when there are too many, too many bytes, or it is too old.</summary>
    /// <param name="now">The time (UTC).</param>
    /// <param name="dropped">It.</param>
    public bool TryDropOne(DateTimeOffset now, out KeptCall dropped)
    {
        if (!_calls.TryPeek(out dropped)
            || (_calls.Count <= maxCount && _bytes <= maxBytes && now - dropped.Report.EndedAt < maxAge))
            return false;
        _calls.Dequeue();
        _bytes -= dropped.Bytes;
        return true;
    }
}
