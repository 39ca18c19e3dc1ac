using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>
/// Answer to <c>POST /invite</c>. The first two fields are the original's; the others are read with
/// <see cref="HttpHookOptions.InviteDetails"/> only.
/// </summary>
public sealed record InviteHookResponse
{
    /// <summary>What to do.</summary>
    public required InviteStrategy Strategy { get; init; }

    /// <summary>Name of the room, 1 to 256 characters without control characters. Without a room the call is rejected.</summary>
    [JsonPropertyName("room_id")]
    public string? RoomId { get; init; }

    /// <summary>With <c>Reject</c>: the SIP status code, 400 to 699; absent takes 486.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Code { get; init; }

    /// <summary>With <c>Reject</c>: text beside the code, at most 256 characters; absent takes the standard one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>
    /// With <c>Reject</c>: one to ten SIP URIs where the caller's phone shall call instead, best first (302, or 300 where there is a
    /// choice). In place of <see cref="Code"/> and <see cref="Reason"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Redirect { get; init; }

    /// <summary>
    /// With <c>Accept</c>: whether the call ends when all others have left its room, or nobody comes in time; absent means yes. False for a
    /// caller that is served over the control API alone.
    /// </summary>
    [JsonPropertyName("end_when_others_leave")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? EndWhenOthersLeave { get; init; }

    /// <summary>With <c>Accept</c> and <c>WaitOtherPeers</c>: as what the call comes into the room.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InviteHookParticipant? Participant { get; init; }

    /// <summary>With <c>Accept</c> and <c>WaitOtherPeers</c>: a program that hears the call from the answer on, and may speak.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InviteHookStream? Stream { get; init; }
}
