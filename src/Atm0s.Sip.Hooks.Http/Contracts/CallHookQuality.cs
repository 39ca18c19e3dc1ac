using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>What the audio of a call was like.</summary>
public sealed record CallHookQuality
{
    /// <summary>Encoding name of the codec; empty when none was agreed.</summary>
    public required string Codec { get; init; }

    /// <summary>RTP packets the server sent.</summary>
    [JsonPropertyName("packets_sent")]
    public required long PacketsSent { get; init; }

    /// <summary>RTP packets the server received.</summary>
    [JsonPropertyName("packets_received")]
    public required long PacketsReceived { get; init; }

    /// <summary>RTP packets that did not arrive (RFC 3550 §6.4.1); below zero when more were duplicated than lost.</summary>
    [JsonPropertyName("packets_lost")]
    public required long PacketsLost { get; init; }

    /// <summary>Interarrival jitter, in milliseconds.</summary>
    [JsonPropertyName("jitter_ms")]
    public required double JitterMs { get; init; }

    /// <summary>Round trip from RTCP, in milliseconds; null, and left out, when the phone sends no reports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("round_trip_ms")]
    public double? RoundTripMs { get; init; }
}
