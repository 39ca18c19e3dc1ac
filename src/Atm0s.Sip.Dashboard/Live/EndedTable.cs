using Atm0s.Sip.Dashboard.Messages;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>The calls that ended, the latest of them; those that were turned away included.</summary>
/// <param name="server">Keeps them.</param>
/// <param name="limit">How many are shown.</param>
internal sealed class EndedTable(ISipServer server, int limit)
{
    private const int MaxAtOnce = 1_000;
    private const int Every = 5; // looks, for those that no event tells of

    private readonly RowTable<EndedRow> _table = new(static row => row.Id);
    private readonly Queue<EndedRow> _rows = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private DateTimeOffset _until = DateTimeOffset.MinValue;
    private int _looks;
    private int _total;

    public Rows<EndedRow> All => _table.All;

    /// <summary>Looks for new ones.</summary>
    /// <param name="isNews">Whether an event told of one.</param>
    /// <returns>What changed; null when nothing did.</returns>
    public Rows<EndedRow>? Look(bool isNews)
    {
        if (!isNews && _looks++ % Every != 0)
            return null;
        var found = server.FindEndedCalls(new EndedCallFilter { Since = _until, Limit = Math.Min(limit, MaxAtOnce) }).Calls;
        // The last that ended comes first.
        for (var i = found.Count - 1; i >= 0; i--)
        {
            if (found[i].End is not { } end || !_known.Add(found[i].Id))
                continue;
            if (_rows.Count == limit)
                _known.Remove(_rows.Dequeue().Id);
            _rows.Enqueue(EndedCalls.RowOf(found[i], end));
            _until = end.Timestamp > _until ? end.Timestamp : _until;
            _total++;
        }

        return _table.Update(_rows, _total);
    }
}
