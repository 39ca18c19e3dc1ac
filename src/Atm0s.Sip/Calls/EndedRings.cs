namespace Atm0s.Sip.Calls;

/// <summary>
/// Outgoing calls that came to nothing while the host still thinks about some caller: by the caller they rang for, or by their room. Not
/// thread-safe.
/// </summary>
/// <param name="max">How many are kept; the one that began first gives way.</param>
internal sealed class EndedRings(int max)
{
    private readonly PriorityQueue<Ended, long> _byAge = new();
    private readonly Dictionary<string, List<Ended>> _byCaller = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Ended>> _byRoom = new(StringComparer.Ordinal);
    private long _sequence;

    public int Count => _byAge.Count;

    /// <summary>Writes one down.</summary>
    /// <param name="begun">When it began.</param>
    /// <param name="roomId">Its room.</param>
    /// <param name="forCallId">The caller it rang for, when the host has said so.</param>
    /// <param name="why">What became of it.</param>
    public void Add(long begun, string roomId, string? forCallId, CallEnd why)
    {
        if (Count == max)
            Remove(_byAge.Dequeue());
        var ended = new Ended(begun, roomId, forCallId, why, ++_sequence);
        _byAge.Enqueue(ended, begun);
        var (table, key) = PlaceOf(ended);
        if (!table.TryGetValue(key, out var all))
            table.Add(key, all = []);
        all.Add(ended);
    }

    /// <summary>Forgets those that began before.</summary>
    public void Forget(long before)
    {
        while (_byAge.TryPeek(out var ended, out var begun) && begun < before)
        {
            _byAge.Dequeue();
            Remove(ended);
        }
    }

    /// <summary>The last that was written down of those that rang for a caller, or for whoever comes into a room.</summary>
    /// <param name="callerId">The caller.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="since">Who rang for nobody in particular counts when he began after that.</param>
    public CallEnd? Find(string callerId, string roomId, long since)
    {
        var named = _byCaller.TryGetValue(callerId, out var forCaller) ? forCaller[^1] : null;
        var other = _byRoom.TryGetValue(roomId, out var inRoom) ? inRoom.FindLast(ended => ended.Begun > since) : null;
        return (named is null || other?.Sequence > named.Sequence ? other : named)?.Why;
    }

    private void Remove(Ended ended)
    {
        var (table, key) = PlaceOf(ended);
        var all = table[key];
        all.Remove(ended);
        if (all.Count == 0)
            table.Remove(key);
    }

    private (Dictionary<string, List<Ended>> Table, string Key) PlaceOf(Ended ended) =>
        ended.ForCallId is { } caller ? (_byCaller, caller) : (_byRoom, ended.RoomId);

    private sealed class Ended(long begun, string roomId, string? forCallId, CallEnd why, long sequence)
    {
        public long Begun => begun;

        public string RoomId => roomId;

        public string? ForCallId => forCallId;

        public CallEnd Why => why;

        public long Sequence => sequence;
    }
}
