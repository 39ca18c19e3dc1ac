using System.Text.Json;
using Atm0s.Sip.Control.Messages;

namespace Atm0s.Sip.Control.Events;

/// <summary>
/// What one watcher gets: a snapshot, and what happened since; or, when it comes back, what it missed. Where something of that is lost it
/// gets a snapshot when it has the rest.
/// </summary>
internal sealed class EventReader
{
    private readonly EventLog _log;
    private readonly ISipServer _server;
    private readonly bool _wantsSnapshots;
    private bool _isSnapshotDue;
    private bool _isSnapshotFirst;
    private long _place;

    /// <param name="log">The events.</param>
    /// <param name="server">What a snapshot shows.</param>
    /// <param name="lastEventId">The last event that the watcher has seen; empty or null when it is new.</param>
    /// <param name="wantsSnapshots">Whether it wants them.</param>
    public EventReader(EventLog log, ISipServer server, string? lastEventId, bool wantsSnapshots)
    {
        (_log, _server, _wantsSnapshots) = (log, server, wantsSnapshots);
        // The place first: what happens while the snapshot is taken is told again, and nothing is lost.
        _place = log.Open(lastEventId, out var knowsAll);
        _isSnapshotDue = wantsSnapshots && !knowsAll;
        _isSnapshotFirst = string.IsNullOrEmpty(lastEventId);
    }

    /// <summary>The next events; none when it has them all.</summary>
    /// <param name="changed">Completes when there are more.</param>
    /// <returns>At most 65, in their order; null when there will be no more.</returns>
    public IReadOnlyList<LoggedEvent>? Read(out Task changed)
    {
        if (_isSnapshotDue && _isSnapshotFirst)
        {
            changed = Task.CompletedTask;
            return [Snapshot()];
        }

        var events = _log.Read(ref _place, out changed);
        if (events?.Any(static what => what.Name == EventLog.Missed) == true)
            _isSnapshotDue = _wantsSnapshots;
        return _isSnapshotDue && events is { Count: 0 } ? [Snapshot()] : events;
    }

    private LoggedEvent Snapshot()
    {
        (_isSnapshotDue, _isSnapshotFirst) = (false, false);
        return new LoggedEvent(
            _log.IdBefore(_place),
            "snapshot",
            JsonSerializer.SerializeToUtf8Bytes(SnapshotMessage.From(_server), ControlJson.Default.SnapshotMessage));
    }
}
