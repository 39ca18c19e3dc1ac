using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Client;

/// <summary>The phone's own ears and mouth as a member of a room: while it is in, the call in the room is answered.</summary>
internal sealed class LocalMember(AudioRooms rooms, string roomId, IPcmEndpoint audio) : IRoomMember
{
    private AudioRoom? _room;

    public string ParticipantId => "the phone's user";

    public void Join()
    {
        _room = rooms.Join(roomId, this, connected: true);
        _room.Mix.Add(audio);
    }

    public void Leave()
    {
        if (Interlocked.Exchange(ref _room, null) is not { } room)
            return;
        room.Mix.Remove(audio);
        rooms.Leave(room, this, new RoomLeave(Hooks.CallEndCause.LocalHangup, 0));
    }

    public void OnRoomChanged(RoomChange change)
    {
    }

    public void OnRemoved(string roomId, Hooks.CallEndCause cause, string reason)
    {
    }
}
