using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Body of <c>POST /sip/calls/{id}/transfer</c>: one of the two ways.</summary>
public sealed record TransferCommand
{
    /// <summary>Where to send the phone: a number, or a SIP or tel URI.</summary>
    public string? Target { get; init; }

    /// <summary>Id of another answered call, whose phone this one's is connected with.</summary>
    [JsonPropertyName("call_id")]
    public string? CallId { get; init; }

    /// <summary>How long the phone may take, in seconds; 1 to 600. Default 60.</summary>
    [JsonPropertyName("timeout_s")]
    public int TimeoutSeconds { get; set; } = 60;
}
