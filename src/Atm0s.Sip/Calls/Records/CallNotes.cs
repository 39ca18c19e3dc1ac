using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Calls.Records;

/// <summary>What was decided about one call, and why: the first notes, and the last. Any thread.</summary>
/// <param name="clock">Says when.</param>
internal sealed class CallNotes(SipClock clock)
{
    private const int MaxFirst = 64;
    private const int MaxLast = 64;
    private const int MaxText = 512;
    private const int Usual = 6;
    private const int NoteSize = 192;   // of one, with what its sentence is made of

    private readonly Lock _lock = new();
    private Entry[] _first = new Entry[Usual];
    private Queue<Entry>? _last;
    private int _count;
    private int _textBytes;

    private readonly record struct Entry(long Ticks, string Subject, object Text);

    /// <summary>All that is kept, oldest first.</summary>
    public IReadOnlyList<CallNote> All
    {
        get
        {
            Entry[] all;
            lock (_lock)
                all = [.. _first.Take(_count), .. _last ?? []];
            // Outside the lock: what they print may be the host's.
            return [.. all.Select(note => new CallNote(
                new DateTimeOffset(note.Ticks, TimeSpan.Zero), note.Subject, Shortened(note.Text.ToString() ?? "")))];
        }
    }

    /// <summary>Bytes that they use, roughly.</summary>
    public int Memory
    {
        get
        {
            lock (_lock)
                return 256 + ((_count + (_last?.Count ?? 0)) * NoteSize) + _textBytes;
        }
    }

    /// <summary>Writes something down.</summary>
    /// <param name="subject">See <see cref="CallNote.Subject"/>.</param>
    /// <param name="text">A sentence, or what prints one.</param>
    public void Add(string subject, object text)
    {
        var note = new Entry(clock.UtcNow.UtcTicks, subject, text is string sentence ? Shortened(sentence) : text);
        lock (_lock)
        {
            _textBytes += SizeOf(note.Text);
            if (_count < MaxFirst)
            {
                if (_count == _first.Length)
                    Array.Resize(ref _first, Math.Min(MaxFirst, _count * 2));
                _first[_count++] = note;
                return;
            }

            _last ??= new Queue<Entry>(MaxLast);
            if (_last.Count == MaxLast)
                _textBytes -= SizeOf(_last.Dequeue().Text);
            _last.Enqueue(note);
        }
    }

    private static int SizeOf(object text) => text is string sentence ? sentence.Length * sizeof(char) : 0;

    private static string Shortened(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
