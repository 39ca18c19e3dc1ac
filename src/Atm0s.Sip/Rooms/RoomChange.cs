using Atm0s.Sip.Calls;

namespace Atm0s.Sip.Rooms;

/// <summary>What a member must know of the others after somebody came, connected or left.</summary>
/// <param name="RoomId">The room; a member that has moved on since does not care.</param>
/// <param name="Others">Other members, connecting ones included.</param>
/// <param name="OthersConnected">Other members that are connected.</param>
/// <param name="Left">How the call of the one ended that has left, when this change is somebody leaving; null else.</param>
/// <param name="IsDeserted">
/// Whether by this leaving nobody is there any more but members that leave with the others (<see cref="IRoomMember.LeavesWithOthers"/>).
/// </param>
internal sealed record RoomChange(string RoomId, int Others, int OthersConnected, CallEnd? Left, bool IsDeserted = false);
