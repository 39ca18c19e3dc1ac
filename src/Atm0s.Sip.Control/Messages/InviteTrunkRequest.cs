using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/invite/trunk</c>: call a number over a trunk.</summary>
public sealed record InviteTrunkRequest
{
    /// <summary>Room the called side joins when it answers; 1 to 256 characters.</summary>
    [JsonPropertyName("room_id")]
    [Required]
    public string? RoomId { get; init; }

    /// <summary>Name of the trunk.</summary>
    [Required]
    public string? Trunk { get; init; }

    /// <summary>Number shown to the called side.</summary>
    [JsonPropertyName("from_number")]
    [Required]
    public string? FromNumber { get; init; }

    /// <summary>Number to call.</summary>
    [JsonPropertyName("to_number")]
    [Required]
    public string? ToNumber { get; init; }

    /// <summary>
    /// The incoming call that this one rings for (<c>conn_id</c> of the invite hook): when its caller gives up, also before the hook has
    /// answered, this call stops ringing at once. May be absent.
    /// </summary>
    [JsonPropertyName("for_conn_id")]
    public string? ForConnId { get; init; }
}
