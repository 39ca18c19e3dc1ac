using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Rooms;

/// <summary>What a member must know of the others after somebody came, connected or left.</summary>
/// <param name="RoomId">The room; a member that has moved on since does not care.</param>
/// <param name="Others">Other members, connecting ones included.</param>
/// <param name="OthersConnected">Other members that are connected.</param>
/// <param name="Left">Why the last one left, when this change is somebody leaving.</param>
internal sealed record RoomChange(string RoomId, int Others, int OthersConnected, RoomLeave? Left);

/// <summary>Why a member left a room.</summary>
/// <param name="Cause">Cause of the end of its call.</param>
/// <param name="StatusCode">SIP status code, or 0.</param>
internal sealed record RoomLeave(CallEndCause Cause, int StatusCode);
