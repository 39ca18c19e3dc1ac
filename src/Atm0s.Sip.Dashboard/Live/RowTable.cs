using Atm0s.Sip.Dashboard.Messages;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>A table as the pages have it, and what has to be told to them.</summary>
/// <typeparam name="T">A row; equal rows look the same.</typeparam>
/// <param name="keyOf">What tells rows apart.</param>
internal sealed class RowTable<T>(Func<T, string> keyOf)
    where T : class, IEquatable<T>
{
    private readonly Dictionary<string, T> _rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _total;

    /// <summary>The whole table.</summary>
    public Rows<T> All => new(_total, [.. _rows.Values], []);

    /// <summary>The table is like this now.</summary>
    /// <param name="now">Its rows.</param>
    /// <param name="total">Rows there are, those beyond included.</param>
    /// <returns>What changed; null when nothing did.</returns>
    public Rows<T>? Update(IEnumerable<T> now, int total)
    {
        var set = new List<T>();
        _seen.Clear();
        foreach (var row in now)
        {
            var key = keyOf(row);
            if (!_seen.Add(key) || (_rows.TryGetValue(key, out var was) && was.Equals(row)))
                continue;
            _rows[key] = row;
            set.Add(row);
        }

        var gone = _seen.Count == _rows.Count ? [] : _rows.Keys.Where(key => !_seen.Contains(key)).ToList();
        foreach (var key in gone)
            _rows.Remove(key);
        var isSame = set.Count == 0 && gone.Count == 0 && total == _total;
        _total = total;
        return isSame ? null : new Rows<T>(total, set, gone);
    }
}
