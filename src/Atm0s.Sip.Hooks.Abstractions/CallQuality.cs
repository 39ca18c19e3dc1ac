namespace Atm0s.Sip.Hooks;

/// <summary>What the audio of a call was like, as we and the phone's RTCP reports saw it.</summary>
public sealed record CallQuality
{
    /// <summary>Encoding name of the codec, for example <c>PCMA</c>; empty when none was agreed.</summary>
    public required string Codec { get; init; }

    /// <summary>RTP packets we sent.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>RTP packets we received.</summary>
    public required long PacketsReceived { get; init; }

    /// <summary>RTP packets that did not arrive here (RFC 3550 §6.4.1); below zero when more were duplicated than lost.</summary>
    public required long PacketsLost { get; init; }

    /// <summary>Interarrival jitter at our side, in milliseconds (RFC 3550 §6.4.1).</summary>
    public required double JitterMilliseconds { get; init; }

    /// <summary>Round trip from RTCP reports, or null when the phone sends none.</summary>
    public TimeSpan? RoundTrip { get; init; }
}
