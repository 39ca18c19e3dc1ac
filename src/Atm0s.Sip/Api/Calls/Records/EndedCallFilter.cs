using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>Which ended calls are wanted; what is not set does not matter.</summary>
public sealed record EndedCallFilter
{
    /// <summary>
    /// A part of the number or user of either side, of the room, of our id or of the Call-ID; upper and lower case are the same.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Name of the room.</summary>
    public string? RoomId { get; init; }

    /// <summary>Name of the trunk.</summary>
    public string? Trunk { get; init; }

    /// <summary>Authenticated or called user.</summary>
    public string? Username { get; init; }

    /// <summary>Direction.</summary>
    public CallDirection? Direction { get; init; }

    /// <summary>Why it ended.</summary>
    public CallEndCause? Cause { get; init; }

    /// <summary>True for those that failed (<see cref="CallReport.HasFailed"/>), false for the others.</summary>
    public bool? Failed { get; init; }

    /// <summary>Those that ended then or later (UTC).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many at most, 1 to 1,000; default 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Goes on after a page: its <see cref="EndedCallPage.Next"/>. Null begins with the last call that ended.</summary>
    public string? After { get; init; }
}
