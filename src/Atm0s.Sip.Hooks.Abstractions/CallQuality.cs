namespace Atm0s.Sip.Hooks;

/// <summary>What the audio of a call was like, as we and the phone's RTCP reports saw it.</summary>
public sealed record CallQuality
{
    /// <summary>Encoding name of the codec, for example <c>PCMA</c>; empty when none was agreed.</summary>
    public required string Codec { get; init; }

    /// <summary>How the audio was encrypted; null when it was not.</summary>
    public CallEncryption? Encryption { get; init; }

    /// <summary>RTP packets we sent.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>RTP packets we received.</summary>
    public required long PacketsReceived { get; init; }

    /// <summary>RTP packets that did not arrive here (RFC 3550 §6.4.1), at least 0; never falls.</summary>
    public required long PacketsLost { get; init; }

    /// <summary>Interarrival jitter at our side, in milliseconds (RFC 3550 §6.4.1).</summary>
    public required double JitterMilliseconds { get; init; }

    /// <summary>Round trip from RTCP reports, or null when the phone sends none.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Audio of the phone that was played here: received, concealed or inserted. Zero before the first.</summary>
    public TimeSpan PlayedAudio { get; init; }

    /// <summary>Share of <see cref="PlayedAudio"/> that was made up because nothing was there in time, 0 to 1.</summary>
    public double ConcealedShare { get; init; }

    /// <summary>RTP packets that came, but too late to be heard.</summary>
    public long PacketsDiscarded { get; init; }

    /// <summary>Audio added to let the jitter buffer grow.</summary>
    public TimeSpan InsertedAudio { get; init; }

    /// <summary>Audio taken out to let the jitter buffer shrink.</summary>
    public TimeSpan RemovedAudio { get; init; }

    /// <summary>Times that the jitter buffer began anew.</summary>
    public long Resyncs { get; init; }

    /// <summary>How long packets wait in the jitter buffer until they are played.</summary>
    public TimeSpan JitterBufferDelay { get; init; }

    /// <summary>Mean opinion score by the E-model (ITU-T G.107), 1 (bad) to 4.5 (excellent); null before it can be told.</summary>
    public double? Mos { get; init; }
}
