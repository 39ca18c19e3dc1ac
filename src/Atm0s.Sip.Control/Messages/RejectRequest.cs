using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/reject</c>.</summary>
public sealed record RejectRequest
{
    /// <summary>SIP status code, 400 to 699. Default 486.</summary>
    [JsonPropertyName("status_code")]
    public int StatusCode { get; set; } = 486;

    /// <summary>Text beside the code, at most 256 characters; absent takes the standard one.</summary>
    public string? Reason { get; init; }
}
