using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Body of <c>POST /invite</c>: what becomes of this call?</summary>
public sealed record InviteHookRequest
{
    /// <summary>Address the call came from, <c>ip:port</c>; IPv6 in brackets.</summary>
    public required string Source { get; init; }

    /// <summary>Name of the authenticated user; null, and written so, when there is none.</summary>
    public required string? Username { get; init; }

    /// <summary>User part of From.</summary>
    [JsonPropertyName("from_number")]
    public required string FromNumber { get; init; }

    /// <summary>User part of To: the number that was dialled.</summary>
    [JsonPropertyName("to_number")]
    public required string ToNumber { get; init; }

    /// <summary>Id of the call.</summary>
    [JsonPropertyName("conn_id")]
    public required string ConnId { get; init; }
}
