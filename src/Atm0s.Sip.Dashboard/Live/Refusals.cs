using Atm0s.Sip.Dashboard.Messages;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>Refusals with their rates over the last ten seconds, and their sums for the curves. The feed's lock guards it.</summary>
internal sealed class Refusals : IDisposable
{
    private const int RateSeconds = 10;

    private readonly RefusalCounters _counters = new();
    private readonly RowTable<RefusalRow> _table = new(static row => row.Key);
    private readonly Dictionary<string, Queue<long>> _past = new(StringComparer.Ordinal);
    private long _refused;
    private long _late;

    public Rows<RefusalRow> All => _table.All;

    public void Start() => _counters.Start();

    /// <summary>A second has passed.</summary>
    /// <param name="refused">What was refused or dropped in it.</param>
    /// <param name="late">Media ticks that came late in it.</param>
    /// <returns>What changed in the table; null when nothing did.</returns>
    public Rows<RefusalRow>? Step(out long refused, out long late)
    {
        _counters.Poll();
        var rows = new List<RefusalRow>();
        var (refusedNow, lateNow) = (0L, 0L);
        foreach (var (counter, which, count) in _counters.Read())
        {
            var key = which is null ? counter.Name : $"{counter.Name}/{which}";
            if (counter.IsLateness)
                lateNow += count;
            else
                refusedNow += count;
            rows.Add(new RefusalRow(key, counter.Name, which, counter.About, count, RateOf(key, count)));
        }

        (refused, late) = (Math.Max(0, refusedNow - _refused), Math.Max(0, lateNow - _late));
        (_refused, _late) = (refusedNow, lateNow);
        return _table.Update(rows, rows.Count);
    }

    public void Dispose() => _counters.Dispose();

    private double RateOf(string key, long count)
    {
        if (!_past.TryGetValue(key, out var past))
            // What is new counted from nothing.
            _past[key] = past = new Queue<long>([0]);
        past.Enqueue(count);
        if (past.Count > RateSeconds + 1)
            past.Dequeue();
        return Math.Round((count - past.Peek()) / (double)(past.Count - 1), 1);
    }
}
