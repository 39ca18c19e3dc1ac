using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/invite/client</c>: ring a registered phone.</summary>
public sealed record InviteClientRequest
{
    /// <summary>Room the phone joins when it answers; 1 to 256 characters.</summary>
    [JsonPropertyName("room_id")]
    [Required]
    public string? RoomId { get; init; }

    /// <summary>Session of the registration to ring (<c>session_id</c> of the register hook).</summary>
    [JsonPropertyName("dest_session_id")]
    [Required]
    public string? DestSessionId { get; init; }

    /// <summary>Number shown to the phone.</summary>
    [JsonPropertyName("from_number")]
    [Required]
    public string? FromNumber { get; init; }

    /// <summary>Taken and not used, as by the original.</summary>
    [JsonPropertyName("server_alias")]
    public string? ServerAlias { get; init; }

    /// <summary>Taken and not used, as by the original: events go to the configured hook server.</summary>
    [JsonPropertyName("hook_uri")]
    public string? HookUri { get; init; }

    /// <summary>
    /// The incoming call that this one rings for (<c>conn_id</c> of the invite hook): when its caller gives up, also before the hook has
    /// answered, this call stops ringing at once. May be absent.
    /// </summary>
    [JsonPropertyName("for_conn_id")]
    public string? ForConnId { get; init; }
}
