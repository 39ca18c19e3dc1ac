namespace Atm0s.Sip;

/// <summary>A recording as it is now.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Path">The file.</param>
/// <param name="CallId">The call that is recorded; null for a room.</param>
/// <param name="RoomId">The room that is recorded; null for a call.</param>
/// <param name="State">What it does.</param>
/// <param name="End">Why it has ended; null before.</param>
/// <param name="Recorded">What is in the file, silence for what was lost included.</param>
/// <param name="Lost">What was lost because the disk was too slow.</param>
public sealed record RecordingInfo(
    string Id,
    string Path,
    string? CallId,
    string? RoomId,
    RecordingState State,
    RecordingEnd? End,
    TimeSpan Recorded,
    TimeSpan Lost);
