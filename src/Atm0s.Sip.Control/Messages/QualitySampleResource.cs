using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>What the audio of a call was like for some seconds.</summary>
public sealed record QualitySampleResource
{
    /// <summary>The end of these seconds (UTC).</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Interarrival jitter, in milliseconds.</summary>
    [JsonPropertyName("jitter_ms")]
    public required double JitterMs { get; init; }

    /// <summary>Share of the phone's packets that did not come, 0 to 1.</summary>
    [JsonPropertyName("loss_share")]
    public required double LossShare { get; init; }

    /// <summary>Mean opinion score, 1 to 4.5.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mos { get; init; }

    /// <summary>Mean level of what the phone said, in dBov; -127 is silence.</summary>
    [JsonPropertyName("level_received")]
    public required int LevelReceived { get; init; }

    /// <summary>Mean level of what the phone was sent, in dBov.</summary>
    [JsonPropertyName("level_sent")]
    public required int LevelSent { get; init; }

    /// <summary>Round trip, in milliseconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("round_trip_ms")]
    public double? RoundTripMs { get; init; }

    /// <summary>How long packets waited in the jitter buffer, in milliseconds.</summary>
    [JsonPropertyName("jitter_buffer_ms")]
    public required double JitterBufferMs { get; init; }

    internal static QualitySampleResource From(QualitySample sample) => new()
    {
        Timestamp = sample.Timestamp,
        // NaN is no JSON. Kept as single precision: more digits would tell nothing.
        JitterMs = Rounded(sample.JitterMilliseconds),
        LossShare = Rounded(sample.LossShare),
        Mos = sample.Mos is { } mos ? Rounded(mos) : null,
        LevelReceived = sample.LevelReceived,
        LevelSent = sample.LevelSent,
        RoundTripMs = sample.RoundTrip?.TotalMilliseconds,
        JitterBufferMs = sample.JitterBufferDelay.TotalMilliseconds,
    };

    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 4) : 0;
}
