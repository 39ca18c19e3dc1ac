using Atm0s.Sip.Calls;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Rooms;

/// <summary>A place in an embedded room: of a call, or of a phone's own user.</summary>
internal sealed class AudioRoomPlace(AudioRooms rooms, AudioRoom room, IRoomMember member) : IRoomPlace
{
    public string RoomId => room.Id;

    public MixRoom Mix => room.Mix;

    public void SetConnected() => room.SetConnected(member);

    public void RelayDigit(char digit, TimeSpan duration, bool isHeardAsTone) =>
        room.RelayDigit(member, digit, duration, rooms.Relay, isHeardAsTone);

    public void Leave(CallEnd why) => rooms.Leave(room, member, why);
}
