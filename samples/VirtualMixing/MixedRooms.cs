using Atm0s.Sip.Hooks;

namespace VirtualMixing;

/// <summary>Rooms in which everybody hears three slots.</summary>
internal sealed class MixedRooms(TimeProvider time, TextWriter log) : IRoomProvider
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MixedRoom> _rooms = [];

    public ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(participant.RoomId, out var room))
                _rooms[participant.RoomId] = room = new MixedRoom(time, log);
            var seat = new MixedSeat(this, room, participant);
            room.Seats = [.. room.Seats, seat];
            Tell(room);
            return ValueTask.FromResult<IRoomSeat?>(seat);
        }
    }

    public void Connected(MixedRoom room)
    {
        lock (_lock)
            Tell(room);
    }

    public void Leave(MixedRoom room, MixedSeat seat)
    {
        lock (_lock)
        {
            room.Seats = [.. room.Seats.Where(s => s != seat)];
            if (room.Seats.Count == 0)
                _rooms.Remove(seat.RoomId);
            Tell(room);
        }
    }

    private static void Tell(MixedRoom room)
    {
        var connected = room.Seats.Count(s => s.IsConnected);
        foreach (var seat in room.Seats)
            seat.Tell(room.Seats.Count - 1, connected - (seat.IsConnected ? 1 : 0));
    }
}
