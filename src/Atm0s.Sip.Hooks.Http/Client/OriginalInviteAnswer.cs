using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>The original's answer to <c>POST /invite</c>: whatever else a hook server writes there is not looked at.</summary>
internal sealed record OriginalInviteAnswer
{
    public required InviteStrategy Strategy { get; init; }

    [JsonPropertyName("room_id")]
    public string? RoomId { get; init; }
}
