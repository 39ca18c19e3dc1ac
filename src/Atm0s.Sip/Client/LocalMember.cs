using Atm0s.Sip.Calls;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Client;

/// <summary>The phone's own ears and mouth as a member of a room: while it is in, the call in the room is answered.</summary>
internal sealed class LocalMember(AudioRooms rooms, string roomId, IPcmEndpoint audio) : IRoomMember
{
    private AudioRoomPlace? _place;

    public string ParticipantId => "the phone's user";

    public void Join()
    {
        _place = rooms.Join(roomId, this, connected: true);
        _place.Mix.Add(audio);
    }

    public void Leave()
    {
        if (Interlocked.Exchange(ref _place, null) is not { } place)
            return;
        place.Mix.Remove(audio);
        place.Leave(new CallEnd(Hooks.CallEndCause.LocalHangup, 0, "the phone's user has hung up"));
    }

    public void OnRoomChanged(RoomChange change)
    {
    }

    public void OnRemoved(string roomId, Hooks.CallEndCause cause, string reason)
    {
    }
}
