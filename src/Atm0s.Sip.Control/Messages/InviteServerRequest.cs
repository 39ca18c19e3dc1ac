using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/invite/server</c>: call another SIP server.</summary>
public sealed record InviteServerRequest
{
    /// <summary>Room the called side joins when it answers; 1 to 256 characters.</summary>
    [JsonPropertyName("room_id")]
    [Required]
    public string? RoomId { get; init; }

    /// <summary>Address of the server, <c>ip:port</c>.</summary>
    [JsonPropertyName("dest_addr")]
    [Required]
    public string? DestAddr { get; init; }

    /// <summary>Answers its digest challenge; absent when it needs none.</summary>
    [JsonPropertyName("dest_auth")]
    public DestAuth? DestAuth { get; init; }

    /// <summary>Number shown to the called side.</summary>
    [JsonPropertyName("from_number")]
    [Required]
    public string? FromNumber { get; init; }

    /// <summary>Number to call.</summary>
    [JsonPropertyName("to_number")]
    [Required]
    public string? ToNumber { get; init; }

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
