namespace Atm0s.Sip.Calls.Records;

/// <summary>The last messages of one call, at most 256 kB. Any thread.</summary>
internal sealed class WireTrace
{
    private const int MaxCharacters = 128 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<WireTraceEntry> _entries = new();
    private int _characters;

    /// <summary>
    /// How many calls it is of: several have one Call-ID when the server calls itself, or a caller says so. Under the lock of its owner.
    /// </summary>
    public int Calls { get; set; }

    /// <summary>All that is kept, oldest first.</summary>
    public IReadOnlyList<WireTraceEntry> All
    {
        get
        {
            lock (_lock)
                return [.. _entries];
        }
    }

    public void Add(WireTraceEntry entry)
    {
        lock (_lock)
        {
            _entries.Enqueue(entry);
            _characters += entry.Message.Length;
            while (_characters > MaxCharacters && _entries.Count > 1)
                _characters -= _entries.Dequeue().Message.Length;
        }
    }
}
