using Atm0s.Sip.Watching;

namespace Atm0s.Sip.Rooms;

/// <summary>The places that calls have in the host's rooms.</summary>
internal sealed class HostRooms(EventHub events)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<HostRoomPlace>> _rooms = new(StringComparer.Ordinal);

    public void Add(HostRoomPlace place)
    {
        lock (_lock)
        {
            if (_rooms.TryGetValue(place.RoomId, out var places))
            {
                places.Add(place);
                return;
            }

            _rooms.Add(place.RoomId, [place]);
        }

        events.Tell(new SipServerEvent.RoomOpened(place.RoomId));
    }

    public void Remove(HostRoomPlace place)
    {
        lock (_lock)
        {
            var places = _rooms[place.RoomId];
            places.Remove(place);
            if (places.Count > 0)
                return;
            _rooms.Remove(place.RoomId);
        }

        events.Tell(new SipServerEvent.RoomClosed(place.RoomId));
    }

    /// <summary>The rooms as far as they are known here: with our calls as members.</summary>
    public IReadOnlyList<RoomInfo> List()
    {
        lock (_lock)
            return [
                .. _rooms.Select(
                room =>
                new RoomInfo(room.Key, room.Value.Count, room.Value.Count(p => p.IsConnected), room.Value.Max(p => p.SampleRate),
                [.. room.Value.Select(p => p.Id)]))];
    }
}
