using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>What the audio of a call was like.</summary>
public sealed record CallHookQuality
{
    /// <summary>Encoding name of the codec; empty when none was agreed.</summary>
    public required string Codec { get; init; }

    /// <summary>Where the keys of the encrypted audio come from: <c>sdes</c> or <c>dtls</c>; left out when it is not encrypted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Encryption { get; init; }

    /// <summary>Name of the SRTP suite; left out when it is not encrypted, or not known yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("encryption_suite")]
    public string? EncryptionSuite { get; init; }

    /// <summary>RTP packets the server sent.</summary>
    [JsonPropertyName("packets_sent")]
    public required long PacketsSent { get; init; }

    /// <summary>RTP packets the server received.</summary>
    [JsonPropertyName("packets_received")]
    public required long PacketsReceived { get; init; }

    /// <summary>RTP packets that did not arrive (RFC 3550 §6.4.1), at least 0.</summary>
    [JsonPropertyName("packets_lost")]
    public required long PacketsLost { get; init; }

    /// <summary>Interarrival jitter, in milliseconds.</summary>
    [JsonPropertyName("jitter_ms")]
    public required double JitterMs { get; init; }

    /// <summary>Round trip from RTCP, in milliseconds; null, and left out, when the phone sends no reports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("round_trip_ms")]
    public double? RoundTripMs { get; init; }

    /// <summary>
    /// Share of what was played that was made up because nothing was there in time, 0 to 1. This and what follows is left out before
    /// anything was played.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("concealed_share")]
    public double? ConcealedShare { get; init; }

    /// <summary>RTP packets that came, but too late to be heard.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("packets_discarded")]
    public long? PacketsDiscarded { get; init; }

    /// <summary>Audio added to let the jitter buffer grow, in milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("inserted_ms")]
    public double? InsertedMs { get; init; }

    /// <summary>Audio taken out to let the jitter buffer shrink, in milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("removed_ms")]
    public double? RemovedMs { get; init; }

    /// <summary>Times that the jitter buffer began anew.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Resyncs { get; init; }

    /// <summary>How long packets wait in the jitter buffer, in milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("jitter_buffer_ms")]
    public double? JitterBufferMs { get; init; }

    /// <summary>Mean opinion score by the E-model (ITU-T G.107), 1 to 4.5.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mos { get; init; }
}
