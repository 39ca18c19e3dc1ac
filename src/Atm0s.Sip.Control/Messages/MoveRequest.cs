using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/move</c>.</summary>
public sealed record MoveRequest
{
    /// <summary>Room to go to; 1 to 256 characters.</summary>
    [JsonPropertyName("room_id")]
    [Required]
    public string? RoomId { get; init; }
}
