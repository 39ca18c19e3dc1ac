using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Records.Ladder;

/// <summary>
/// The columns of a ladder: who calls to our left, who is called to our right, each peer of each call by itself.
/// </summary>
internal sealed class LadderColumns
{
    private const int MaxPeers = 8;     // of one call; those beyond are in its last column
    private const int Margin = 14;      // for the time
    private const int Spacing = 44;

    private readonly List<(int Call, string Peer, string Who)> _columns = [];

    public LadderColumns(IReadOnlyList<CallReport> calls, IReadOnlyList<IReadOnlyList<WireTraceEntry>> messages)
    {
        var caller = calls.Index()
            .FirstOrDefault(call => call.Item.Info.Direction == CallDirection.Incoming, (Index: -1, Item: null!)).Index;
        if (caller >= 0)
            _columns.AddRange(Of(caller, calls[caller], messages[caller]).Reverse());
        Us = _columns.Count;
        _columns.Add((-1, "", "this server"));
        for (var i = 0; i < calls.Count; i++)
        {
            if (i != caller)
                _columns.AddRange(Of(i, calls[i], messages[i]));
        }
    }

    /// <summary>Our column.</summary>
    public int Us { get; }

    /// <summary>How wide a line is: to the last column.</summary>
    public int Width => Of(_columns.Count - 1) + 1;

    /// <summary>Where a column's line is.</summary>
    public static int Of(int column) => Margin + (Spacing / 2) + (column * Spacing);

    /// <summary>The column of a peer of a call.</summary>
    public int Find(int call, string peer)
    {
        var last = Us;
        for (var i = 0; i < _columns.Count; i++)
        {
            if (_columns[i].Call != call)
                continue;
            if (_columns[i].Peer == peer)
                return i;
            last = i;
        }

        return last;
    }

    /// <summary>Draws the line of each column.</summary>
    public void Draw(LadderLine line)
    {
        for (var i = 0; i < _columns.Count; i++)
            line.Put(Of(i), '|');
    }

    /// <summary>Writes what the columns are.</summary>
    public void WriteHead(TextWriter writer)
    {
        var (who, where) = (new LadderLine(Width + Spacing), new LadderLine(Width + Spacing));
        for (var i = 0; i < _columns.Count; i++)
        {
            who.PutCentred(Of(i), TextWidth.Clip(LogText.Plain(_columns[i].Who), Spacing - 2));
            where.PutCentred(Of(i), TextWidth.Clip(LogText.Plain(_columns[i].Peer), Spacing - 2));
        }

        writer.Write(who.ToText("") + "\n");
        writer.Write(where.ToText("") + "\n");
    }

    private static IEnumerable<(int, string, string)> Of(int index, CallReport call, IReadOnlyList<WireTraceEntry> messages)
    {
        var who = call.Info.Direction == CallDirection.Incoming ? call.Info.From : call.Info.To;
        return messages.Select(message => message.Peer).Distinct().Take(MaxPeers).Select(peer => (index, peer, who));
    }
}
