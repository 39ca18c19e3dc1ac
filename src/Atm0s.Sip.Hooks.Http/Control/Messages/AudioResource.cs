using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Control.Messages;

/// <summary>Audio of a call.</summary>
public sealed record AudioResource
{
    /// <summary>Name of the codec.</summary>
    public required string Codec { get; init; }

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

    internal static AudioResource From(CallStatistics statistics) => new()
    {
        Codec = statistics.Codec,
        PacketsSent = statistics.PacketsSent,
        PacketsReceived = statistics.PacketsReceived,
        PacketsLost = statistics.PacketsLost,
        // NaN is no JSON.
        JitterMs = double.IsFinite(statistics.JitterMilliseconds) ? statistics.JitterMilliseconds : 0,
        RoundTripMs = statistics.RoundTrip?.TotalMilliseconds,
        Level = statistics.Level,
    };
}
