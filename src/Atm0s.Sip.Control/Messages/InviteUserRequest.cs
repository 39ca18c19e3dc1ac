using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/invite/user</c>: ring the phones of a user, as one call.</summary>
public sealed record InviteUserRequest
{
    /// <summary>Room the phone that answers joins; 1 to 256 characters.</summary>
    [JsonPropertyName("room_id")]
    [Required]
    public string? RoomId { get; init; }

    /// <summary>The user; his 10 latest registrations are rung.</summary>
    [Required]
    public string? Username { get; init; }

    /// <summary>Number shown to the phones.</summary>
    [JsonPropertyName("from_number")]
    [Required]
    public string? FromNumber { get; init; }

    /// <summary>
    /// <c>all_at_once</c>, the default, or <c>by_priority</c>: by the q value of the registrations (RFC 3261 §10.2.1.2).
    /// </summary>
    [JsonPropertyName("ring_order")]
    [AllowedValues(null, "all_at_once", "by_priority")]
    public string? RingOrder { get; init; }

    /// <summary>
    /// The incoming call that this one rings for (<c>conn_id</c> of the invite hook): when its caller gives up, also before the hook has
    /// answered, this call stops ringing at once. May be absent.
    /// </summary>
    [JsonPropertyName("for_conn_id")]
    public string? ForConnId { get; init; }
}
