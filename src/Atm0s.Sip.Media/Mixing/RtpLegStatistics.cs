using System.Net;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Figures of a leg, as of its last tick.</summary>
public sealed record RtpLegStatistics
{
    /// <summary>Name of the codec; empty before the start.</summary>
    public required string Codec { get; init; }

    /// <summary>What protects the stream; null for a plain one, and while there are no keys.</summary>
    public SrtpSuite? SrtpSuite { get; init; }

    /// <summary>RTP packets sent.</summary>
    public long PacketsSent { get; init; }

    /// <summary>RTP packets taken from the source.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>RTP packets of the source that never came, at least 0.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Datagrams refused: not RTP, of another source or payload type, duplicates, too late.</summary>
    public long PacketsRefused { get; init; }

    /// <summary>Interarrival jitter (RFC 3550 §6.4.1), in milliseconds.</summary>
    public double JitterMilliseconds { get; init; }

    /// <summary>Round trip from RTCP; null before the first report.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Level of the last frame received: 0 (full scale) to -127 (silence) dBov.</summary>
    public int LevelDbov { get; init; } = -127;

    /// <summary>Whether the peer talks, as <see cref="IRtpLegObserver.OnTalking"/> tells it.</summary>
    public bool IsTalking { get; init; }

    /// <summary>Where we receive RTP.</summary>
    public required IPEndPoint Local { get; init; }

    /// <summary>Where we send RTP: the source latched to, before that the address of the SDP; null before the start.</summary>
    public IPEndPoint? Remote { get; init; }

    /// <summary>How long packets wait until they are played.</summary>
    public TimeSpan JitterBufferDelay { get; init; }

    /// <summary>Audio that was played: of packets, and what was made up between them. Pauses do not count.</summary>
    public TimeSpan PlayedAudio { get; init; }

    /// <summary>The part of <see cref="PlayedAudio"/> that was made up because nothing was there in time.</summary>
    public TimeSpan ConcealedAudio { get; init; }

    /// <summary>Audio that was added to let the buffer grow.</summary>
    public TimeSpan InsertedAudio { get; init; }

    /// <summary>Audio that was taken out to let the buffer shrink.</summary>
    public TimeSpan RemovedAudio { get; init; }

    /// <summary>Packets that came, but too late to be heard.</summary>
    public long PacketsDiscarded { get; init; }

    /// <summary>Times that the buffer began anew: after the first packet, a stall, or a jump of sequence or time.</summary>
    public long Resyncs { get; init; }

    /// <summary>Mean opinion score by the E-model (ITU-T G.107), 1 to 4.5; null before it can be told.</summary>
    public double? Mos { get; init; }

    /// <summary>
    /// Sum over all ticks of the mean square of what was received, as <c>AudioLevel.FromEnergy</c> takes it: two readings and
    /// <see cref="Ticks"/> give the mean level between them.
    /// </summary>
    public double ReceivedEnergy { get; init; }

    /// <summary>The same of what was sent.</summary>
    public double SentEnergy { get; init; }

    /// <summary>Ticks of 20 ms since the start.</summary>
    public long Ticks { get; init; }
}
