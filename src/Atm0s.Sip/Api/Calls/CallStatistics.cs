using System.Net;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>Audio of one call so far.</summary>
public sealed record CallStatistics
{
    /// <summary>Encoding name of the codec, for example <c>PCMA</c>.</summary>
    public required string Codec { get; init; }

    /// <summary>How the audio is encrypted; null when it is not.</summary>
    public CallEncryption? Encryption { get; init; }

    /// <summary>RTP packets sent.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>RTP packets received and accepted.</summary>
    public required long PacketsReceived { get; init; }

    /// <summary>Packets that never came (RFC 3550 §6.4.1), at least 0; never falls.</summary>
    public required long PacketsLost { get; init; }

    /// <summary>Interarrival jitter (RFC 3550 §6.4.1), in milliseconds.</summary>
    public required double JitterMilliseconds { get; init; }

    /// <summary>Network round trip by RTCP, or null while unknown.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Level of what the phone says, in dBov: 0 loudest, -127 silence (RFC 6464).</summary>
    public required int Level { get; init; }

    /// <summary>Whether the phone talks, as <see cref="SipServerEvent.Talking"/> tells it.</summary>
    public bool IsTalking { get; init; }

    /// <summary>Our RTP address.</summary>
    public required IPEndPoint Local { get; init; }

    /// <summary>Where audio is sent, or null before it is known.</summary>
    public IPEndPoint? Remote { get; init; }

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
