using System.Net;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Our side of an audio session: what goes into every offer and answer of one call.</summary>
public sealed record AudioSession
{
    /// <summary>Address that is written into c= and o=.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>RTP port.</summary>
    public required int Port { get; init; }

    /// <summary>Codecs, best first.</summary>
    public required IReadOnlyList<AudioFormat> Formats { get; init; }

    /// <summary>Number of the session in o=.</summary>
    public required long SessionId { get; init; }

    /// <summary>Version in o=: goes up whenever what we say changes (RFC 3264 §8).</summary>
    public long SessionVersion { get; init; } = 1;

    /// <summary>Direction that we want.</summary>
    public SdpDirection Direction { get; init; } = SdpDirection.SendRecv;

    /// <summary>Milliseconds of audio in a packet. Default 20.</summary>
    public int PacketTime { get; init; } = 20;
}
