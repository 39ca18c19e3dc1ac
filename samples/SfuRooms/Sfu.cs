using Atm0s.Sip.Hooks;

namespace SfuRooms;

/// <summary>The rooms of this host, as the SIP server sees them and as its other members do.</summary>
internal sealed class Sfu : IRoomProvider
{
    public const int MaxMembers = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SfuRoom> _rooms = [];

    public ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken)
    {
        var member = new PhoneMember(this, participant);
        return ValueTask.FromResult<IRoomSeat?>(Join(participant.RoomId, member) ? member : null);
    }

    public SfuRoom? Room(string id)
    {
        lock (_lock)
            return _rooms.GetValueOrDefault(id);
    }

    public bool Join(string id, ISfuMember member)
    {
        lock (_lock)
        {
            var room = _rooms.GetValueOrDefault(id) ?? new SfuRoom();
            if (room.Members.Count == MaxMembers || room.Members.Any(m => m.Name == member.Name))
                return false;
            room.Members = [.. room.Members, member];
            _rooms[id] = room;
            Tell(room);
            return true;
        }
    }

    public void Leave(string id, ISfuMember member)
    {
        lock (_lock)
        {
            var room = _rooms[id];
            room.Members = [.. room.Members.Where(m => m != member)];
            if (room.Members.Count == 0)
                _rooms.Remove(id);
            Tell(room);
        }
    }

    public void OnConnected(string id)
    {
        lock (_lock)
            Tell(_rooms[id]);
    }

    private static void Tell(SfuRoom room)
    {
        foreach (var member in room.Members)
            member.OthersChanged([.. room.Members.Where(m => m != member)]);
    }
}
