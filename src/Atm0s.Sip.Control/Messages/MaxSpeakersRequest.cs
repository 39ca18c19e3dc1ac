using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/rooms/{id}/max_speakers</c>.</summary>
public sealed record MaxSpeakersRequest
{
    /// <summary>How many are heard at a time: 1 to 16; 0 for all.</summary>
    [JsonPropertyName("max_speakers")]
    [Required]
    [Range(0, 16)]
    public int? MaxSpeakers { get; init; }
}
