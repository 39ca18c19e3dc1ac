namespace Atm0s.Sip.Calls.Records;

/// <summary>What was decided about one call, and why: the first notes, and the last. Any thread.</summary>
internal sealed class CallNotes(Func<DateTimeOffset> utcNow)
{
    private const int MaxFirst = 64;
    private const int MaxLast = 64;
    private const int MaxText = 512;

    private readonly Lock _lock = new();
    private readonly List<CallNote> _first = [];
    private readonly Queue<CallNote> _last = new();

    /// <summary>All that is kept, oldest first.</summary>
    public IReadOnlyList<CallNote> All
    {
        get
        {
            lock (_lock)
                return [.. _first, .. _last];
        }
    }

    /// <summary>Writes something down.</summary>
    /// <param name="subject">See <see cref="CallNote.Subject"/>.</param>
    /// <param name="text">A sentence.</param>
    public void Add(string subject, string text)
    {
        var note = new CallNote(utcNow(), subject, text.Length <= MaxText ? text : text[..MaxText]);
        lock (_lock)
        {
            if (_first.Count < MaxFirst)
            {
                _first.Add(note);
                return;
            }

            if (_last.Count == MaxLast)
                _last.Dequeue();
            _last.Enqueue(note);
        }
    }
}
