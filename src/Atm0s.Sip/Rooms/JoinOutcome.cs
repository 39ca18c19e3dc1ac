namespace Atm0s.Sip.Rooms;

/// <summary>A place in a room, or why there is none.</summary>
/// <param name="Place">The place, or null.</param>
/// <param name="Status">Code of the refusal: 403 when the host gives no seat, 500 when its provider failed, 503 when it took too long; 0
/// with a place.</param>
/// <param name="Reason">A sentence for the log.</param>
internal sealed record JoinOutcome(IRoomPlace? Place, int Status, string Reason);
