using System.Collections.Concurrent;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>One counter of refusals, by case: the value of its first tag that says which.</summary>
/// <param name="name">Name of the instrument.</param>
/// <param name="about">What it counts.</param>
/// <param name="isTotal">Whether a measurement is the whole count, not a step of it.</param>
/// <param name="isLateness">Whether it counts media that came late, and not what was refused.</param>
internal sealed class RefusalCounter(string name, string about, bool isTotal, bool isLateness)
{
    private const int MaxCases = 64;

    private static readonly object None = new();

    private readonly ConcurrentDictionary<object, StrongCount> _cases = new();

    public string Name => name;

    public string About => about;

    public bool IsLateness => isLateness;

    public void Count(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!RefusalNames.IsRefusal(name, tags, out var which))
            return;
        which ??= None;
        if (!_cases.TryGetValue(which, out var count))
        {
            if (_cases.Count >= MaxCases)
                return;
            count = _cases.GetOrAdd(which, static _ => new StrongCount());
        }

        if (isTotal)
            count.Polled += value;
        else
            Interlocked.Add(ref count.Value, value);
    }

    /// <summary>The polled measurements of all servers are in.</summary>
    public void EndPoll()
    {
        if (!isTotal)
            return;
        foreach (var (_, count) in _cases)
        {
            // That of a server that is gone stays.
            count.Value = Math.Max(count.Value, count.Polled);
            count.Polled = 0;
        }
    }

    public IEnumerable<(string? Case, long Count)> Read() =>
        _cases.Select(static pair => (pair.Key == None ? null : pair.Key.ToString(), Volatile.Read(ref pair.Value.Value)));

    private sealed class StrongCount
    {
        public long Value;
        public long Polled;
    }
}
