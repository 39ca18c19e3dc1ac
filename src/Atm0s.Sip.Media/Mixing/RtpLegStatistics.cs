using System.Net;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Figures of a leg, as of its last tick.</summary>
public sealed record RtpLegStatistics
{
    /// <summary>Name of the codec; empty before the start.</summary>
    public required string Codec { get; init; }

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

    /// <summary>Where we receive RTP.</summary>
    public required IPEndPoint Local { get; init; }

    /// <summary>Where we send RTP: the source latched to, before that the address of the SDP; null before the start.</summary>
    public IPEndPoint? Remote { get; init; }

    /// <summary>How long packets wait until they are played.</summary>
    public TimeSpan JitterBufferDelay { get; init; }
}
