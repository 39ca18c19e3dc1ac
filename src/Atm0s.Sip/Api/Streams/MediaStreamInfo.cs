namespace Atm0s.Sip;

/// <summary>A media stream as it is now.</summary>
/// <param name="Id">Its id, <c>streamSid</c> in its messages.</param>
/// <param name="Host">Host of the program.</param>
/// <param name="CallId">The call that is streamed; null for a room.</param>
/// <param name="RoomId">The room that is streamed; null for a call.</param>
/// <param name="State">How it stands.</param>
/// <param name="End">Why it is over; null before.</param>
/// <param name="Reason">What went wrong last; null when nothing has.</param>
/// <param name="Missed">Audio that the program did not get because it read too slowly.</param>
public sealed record MediaStreamInfo(
    string Id, string Host, string? CallId, string? RoomId, MediaStreamState State, MediaStreamEnd? End, string? Reason, TimeSpan Missed);
