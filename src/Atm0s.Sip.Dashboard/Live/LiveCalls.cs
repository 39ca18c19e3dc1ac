using Atm0s.Sip.Dashboard.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>The live calls as the pages have them. The feed's lock guards it.</summary>
/// <param name="server">Has the calls.</param>
/// <param name="limit">Calls that are shown.</param>
internal sealed class LiveCalls(ISipServer server, int limit)
{
    private readonly RowTable<CallRow> _table = new(static row => row.Id);
    private readonly Dictionary<string, CallTrack> _tracks = new(StringComparer.Ordinal);
    private int _lastNumber;

    /// <summary>All that are shown.</summary>
    public Rows<CallRow> All => _table.All;

    /// <summary>Nobody looks: calls that end meanwhile are held by nobody here.</summary>
    public void Forget() => _tracks.Clear();

    /// <summary>What all of them sound like.</summary>
    public IReadOnlyList<int> Pulse => [.. _tracks.Values.SelectMany(static track => track.Pulse)];

    /// <summary>Whether there are more than are shown.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Names in their rooms.</summary>
    public IReadOnlySet<string> Participants =>
        _tracks.Values.Select(static track => track.Call.Info.ParticipantId).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>Calls that were answered, at the last look.</summary>
    public int Talking { get; private set; }

    /// <summary>Mean opinion score over the calls that have one, at the last look.</summary>
    public double? Mos { get; private set; }

    /// <summary>Looks at the calls.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pulse">What changed in the sound of calls.</param>
    /// <returns>What changed in the table; null when nothing did.</returns>
    public Rows<CallRow>? Look(DateTimeOffset now, out List<int> pulse)
    {
        var calls = server.Calls;
        ForgetEnded();
        // Who is shown stays; who comes takes a place that is free.
        foreach (var call in calls)
        {
            if (_tracks.Count >= limit)
                break;
            if (!_tracks.ContainsKey(call.Id))
                _tracks[call.Id] = NewTrack(call, now);
        }

        pulse = [];
        var rows = new List<CallRow>(_tracks.Count);
        var (talking, sum, scored) = (0, 0.0, 0);
        foreach (var track in _tracks.Values)
        {
            var row = track.Read(now, out var isNews);
            rows.Add(row);
            if (isNews)
                pulse.AddRange(track.Pulse);
            talking += row.Answered is null ? 0 : 1;
            sum += track.Mos ?? 0;
            scored += track.Mos is null ? 0 : 1;
        }

        IsPartial = calls.Count > rows.Count;
        Talking = talking;
        Mos = scored == 0 ? null : Math.Round(sum / scored, 2);
        return _table.Update(rows, calls.Count);
    }

    private void ForgetEnded()
    {
        foreach (var (id, track) in _tracks)
        {
            if (track.Call.State == CallState.Ended)
                _tracks.Remove(id);
        }
    }

    private CallTrack NewTrack(ISipCall call, DateTimeOffset now)
    {
        var started = server.TryGetReport(call.Id, out var report) ? report.StartedAt : now;
        return new CallTrack(call, ++_lastNumber, started, report?.AnsweredAt);
    }
}
