using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Answer to <c>POST /invite</c>.</summary>
public sealed record InviteHookResponse
{
    /// <summary>What to do.</summary>
    public required InviteStrategy Strategy { get; init; }

    /// <summary>Name of the room, 1 to 256 characters without control characters. Without a room the call is rejected.</summary>
    [JsonPropertyName("room_id")]
    public string? RoomId { get; init; }
}
