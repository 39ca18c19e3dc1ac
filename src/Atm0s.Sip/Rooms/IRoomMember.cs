using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Rooms;

/// <summary>A member as its room sees it.</summary>
internal interface IRoomMember
{
    /// <summary>Name of the member in its room; nobody else has it there.</summary>
    string ParticipantId { get; }

    /// <summary>Whether it is there for others alone, and leaves when none of them is left who is there for himself.</summary>
    bool LeavesWithOthers => false;

    /// <summary>Whether it is a program, which takes no tone for a key.</summary>
    bool IsProgram => false;

    /// <summary>Called under the room's lock, on any thread: must only post.</summary>
    void OnRoomChanged(RoomChange change);

    /// <summary>
    /// Another member has pressed a key that is for this one too. Called under the room's lock, on any thread: must only post.
    /// </summary>
    void OnDigit(char digit, TimeSpan duration)
    {
    }

    /// <summary>
    /// The member is to go: another came under its name, or the host put it out. Called on any thread, under a lock: must only post.
    /// </summary>
    void OnRemoved(string roomId, CallEndCause cause, string reason);
}
