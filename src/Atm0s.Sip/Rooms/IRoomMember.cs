namespace Atm0s.Sip.Rooms;

/// <summary>A member as its room sees it.</summary>
internal interface IRoomMember
{
    /// <summary>Called under the room's lock, on any thread: must only post.</summary>
    void OnRoomChanged(RoomChange change);
}
