using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Audio of a call.</summary>
public sealed record AudioResource
{
    /// <summary>Name of the codec.</summary>
    public required string Codec { get; init; }

    /// <summary>Where the keys of the encrypted audio come from: <c>sdes</c> or <c>dtls</c>; <c>none</c> when it is not encrypted.</summary>
    public required string Encryption { get; init; }

    /// <summary>Name of the SRTP suite; left out when it is not encrypted, or not known yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("encryption_suite")]
    public string? EncryptionSuite { get; init; }

    /// <summary>RTP packets sent.</summary>
    [JsonPropertyName("packets_sent")]
    public required long PacketsSent { get; init; }

    /// <summary>RTP packets received.</summary>
    [JsonPropertyName("packets_received")]
    public required long PacketsReceived { get; init; }

    /// <summary>RTP packets lost on the way here.</summary>
    [JsonPropertyName("packets_lost")]
    public required long PacketsLost { get; init; }

    /// <summary>Interarrival jitter, in milliseconds.</summary>
    [JsonPropertyName("jitter_ms")]
    public required double JitterMs { get; init; }

    /// <summary>Round trip, in milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("round_trip_ms")]
    public double? RoundTripMs { get; init; }

    /// <summary>Level of what the phone says, in dBov; -127 is silence.</summary>
    public required int Level { get; init; }

    /// <summary>Whether the phone talks, as the event <c>talking</c> tells it.</summary>
    public bool Talking { get; init; }

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

    internal static AudioResource From(CallStatistics statistics) => new()
    {
        Codec = statistics.Codec,
        Encryption = statistics.Encryption?.Keys switch
        {
            null => "none",
            MediaKeyExchange.Dtls => "dtls",
            _ => "sdes",
        },
        EncryptionSuite = statistics.Encryption is { Suite.Length: > 0 } encryption ? encryption.Suite : null,
        PacketsSent = statistics.PacketsSent,
        PacketsReceived = statistics.PacketsReceived,
        PacketsLost = statistics.PacketsLost,
        // NaN is no JSON.
        JitterMs = double.IsFinite(statistics.JitterMilliseconds) ? statistics.JitterMilliseconds : 0,
        RoundTripMs = statistics.RoundTrip?.TotalMilliseconds,
        Level = statistics.Level,
        Talking = statistics.IsTalking,
        ConcealedShare = statistics.PlayedAudio > TimeSpan.Zero ? statistics.ConcealedShare : null,
        PacketsDiscarded = statistics.PlayedAudio > TimeSpan.Zero ? statistics.PacketsDiscarded : null,
        InsertedMs = statistics.PlayedAudio > TimeSpan.Zero ? statistics.InsertedAudio.TotalMilliseconds : null,
        RemovedMs = statistics.PlayedAudio > TimeSpan.Zero ? statistics.RemovedAudio.TotalMilliseconds : null,
        Resyncs = statistics.PlayedAudio > TimeSpan.Zero ? statistics.Resyncs : null,
        JitterBufferMs = statistics.PlayedAudio > TimeSpan.Zero ? statistics.JitterBufferDelay.TotalMilliseconds : null,
        Mos = statistics.Mos,
    };
}
