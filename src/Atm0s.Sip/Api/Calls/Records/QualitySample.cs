namespace Atm0s.Sip;

/// <summary>What the audio of a call was like for some seconds: one point of a curve.</summary>
public sealed record QualitySample
{
    /// <summary>The end of these seconds (UTC).</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Interarrival jitter (RFC 3550 §6.4.1), in milliseconds.</summary>
    public required double JitterMilliseconds { get; init; }

    /// <summary>Share of the phone's packets in this time that did not come, 0 to 1.</summary>
    public required double LossShare { get; init; }

    /// <summary>Mean opinion score by the E-model (ITU-T G.107), 1 to 4.5; null before it can be told.</summary>
    public double? Mos { get; init; }

    /// <summary>Mean level of what the phone said, in dBov: 0 loudest, -127 silence (RFC 6464).</summary>
    public required int LevelReceived { get; init; }

    /// <summary>Mean level of what the phone was sent, in dBov.</summary>
    public required int LevelSent { get; init; }

    /// <summary>Network round trip by RTCP, or null while unknown.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>How long packets waited in the jitter buffer.</summary>
    public TimeSpan JitterBufferDelay { get; init; }
}
