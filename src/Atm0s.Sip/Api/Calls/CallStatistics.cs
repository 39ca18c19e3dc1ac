using System.Net;

namespace Atm0s.Sip;

/// <summary>Audio of one call so far.</summary>
public sealed record CallStatistics
{
    /// <summary>Encoding name of the codec, for example <c>PCMA</c>.</summary>
    public required string Codec { get; init; }

    /// <summary>RTP packets sent.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>RTP packets received and accepted.</summary>
    public required long PacketsReceived { get; init; }

    /// <summary>Packets that never came (RFC 3550 §6.4.1); negative when duplicates came.</summary>
    public required long PacketsLost { get; init; }

    /// <summary>Interarrival jitter (RFC 3550 §6.4.1), in milliseconds.</summary>
    public required double JitterMilliseconds { get; init; }

    /// <summary>Network round trip by RTCP, or null while unknown.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>Level of what the phone says, in dBov: 0 loudest, -127 silence (RFC 6464).</summary>
    public required int Level { get; init; }

    /// <summary>Our RTP address.</summary>
    public required IPEndPoint Local { get; init; }

    /// <summary>Where audio is sent, or null before it is known.</summary>
    public IPEndPoint? Remote { get; init; }
}
