using System.Collections.Concurrent;

namespace Atm0s.Sip.Rooms;

/// <summary>
/// Remembers for a moment that who was called into a room refused, when nobody else was in it. A host that rings somebody and then lets the
/// caller wait for others may be
/// overtaken by the refusal: the caller is told of it all the same, instead of ringing for nobody.
/// </summary>
internal sealed class RecentRefusals(TimeProvider time, TimeSpan memory)
{
    private readonly ConcurrentDictionary<string, (RoomLeave Why, long At)> _rooms = new(StringComparer.Ordinal);

    private long _swept;

    public void Add(string roomId, RoomLeave why)
    {
        if (!why.IsRefusal)
            return;
        Sweep();

        _rooms[roomId] = (why, time.GetTimestamp());
    }

    // Once in a while, so that many refusals cost no more than their number.
    private void Sweep()
    {
        var last = Volatile.Read(ref _swept);
        if (time.GetElapsedTime(last) < memory || Interlocked.CompareExchange(ref _swept, time.GetTimestamp(), last) != last)
            return;
        foreach (var (room, (_, at)) in _rooms)
        {
            if (time.GetElapsedTime(at) > memory)
                _rooms.TryRemove(room, out _);
        }
    }

    /// <summary>Why the room is empty, or null; told once.</summary>
    public RoomLeave? Take(string roomId) =>
        _rooms.TryRemove(roomId, out var refusal) && time.GetElapsedTime(refusal.At) <= memory ? refusal.Why : null;
}
