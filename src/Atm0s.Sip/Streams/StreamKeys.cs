using System.Collections.Concurrent;

namespace Atm0s.Sip.Streams;

/// <summary>
/// The keys of a phone that its program has not got yet. They outlive a connection that breaks. Any thread adds, one at a time takes.
/// </summary>
internal sealed class StreamKeys
{
    private const int MaxKeys = 1024;

    private readonly ConcurrentQueue<char> _keys = new();

    /// <summary>Appends a key; one that finds no room is lost.</summary>
    public void Add(char key)
    {
        if (_keys.Count < MaxKeys)
            _keys.Enqueue(key);
    }

    /// <summary>The next one, which stays until it is <see cref="Taken"/>.</summary>
    public bool TryPeek(out char key) => _keys.TryPeek(out key);

    /// <summary>The program has it.</summary>
    public void Taken() => _keys.TryDequeue(out _);
}
