namespace Atm0s.Sip.Core.Sdp;

/// <summary>An audio codec that we can do, as SDP sees it.</summary>
/// <param name="Name">Encoding name, compared without case.</param>
/// <param name="ClockRate">RTP clock rate in Hz.</param>
/// <param name="Channels">Channels of rtpmap.</param>
/// <param name="StaticPayloadType">Static payload type, or -1.</param>
/// <param name="Parameters">fmtp that we write, or null.</param>
public sealed record AudioFormat(string Name, int ClockRate, int Channels, int StaticPayloadType, string? Parameters)
{
    private const int MaxPayload = 1_400;           // with RTP, UDP and IPv6 headers below the 1500 bytes of Ethernet

    /// <summary>Whether a format of the other side is this codec.</summary>
    /// <param name="format">The other side's.</param>
    public bool Matches(SdpFormat format) =>
        format.ClockRate == ClockRate && format.Name.Equals(Name, StringComparison.OrdinalIgnoreCase) && format.Channels == Channels;

    /// <summary>Whether a packet can hold so much audio: Opus has frames of 10, 20, 40 and 60 ms (RFC 6716 §2), samples can be cut anywhere, but must fit into a datagram.</summary>
    /// <param name="milliseconds">A multiple of 10.</param>
    internal bool Fits(int milliseconds) =>
        Name.Equals("opus", StringComparison.OrdinalIgnoreCase) ? milliseconds is 10 or 20 or 40 or 60
        : !Name.Equals("L16", StringComparison.OrdinalIgnoreCase) || ClockRate * Channels * 2L * milliseconds / 1000 <= MaxPayload;
}
