namespace Atm0s.Sip.Calls;

/// <summary>A call's place in the list of those in its room; kept by <see cref="CallDirectory"/> alone.</summary>
/// <param name="RoomId">The room, or null.</param>
/// <param name="Previous">The call before it.</param>
/// <param name="Next">The call behind it.</param>
internal record struct RoomLinks(string? RoomId, Call? Previous, Call? Next);
