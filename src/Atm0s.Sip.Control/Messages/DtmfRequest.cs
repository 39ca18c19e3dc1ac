using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/dtmf</c>. The text of it does not show the digits.</summary>
public sealed record DtmfRequest
{
    /// <summary>1 to 64 of <c>0123456789*#ABCD</c>.</summary>
    [Required]
    public string? Digits { get; init; }

    /// <summary>Length of each, in milliseconds; 40 to 2000. Default 100.</summary>
    [JsonPropertyName("duration_ms")]
    public int DurationMs { get; set; } = 100;

    /// <summary>Pause after each, in milliseconds; 40 to 2000. Default 60.</summary>
    [JsonPropertyName("gap_ms")]
    public int GapMs { get; set; } = 60;

    /// <inheritdoc/>
    public override string ToString() => "DtmfRequest";
}
