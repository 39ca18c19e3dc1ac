namespace Atm0s.Sip.Core.Sdp;

/// <summary>An audio codec that we can do, as SDP sees it.</summary>
/// <param name="Name">Encoding name, compared without case.</param>
/// <param name="ClockRate">RTP clock rate in Hz.</param>
/// <param name="Channels">Channels of rtpmap.</param>
/// <param name="StaticPayloadType">Static payload type, or -1.</param>
/// <param name="Parameters">fmtp that we write, or null.</param>
public sealed record AudioFormat(string Name, int ClockRate, int Channels, int StaticPayloadType, string? Parameters)
{
    /// <summary>Whether a format of the other side is this codec.</summary>
    /// <param name="format">The other side's.</param>
    public bool Matches(SdpFormat format) =>
        format.ClockRate == ClockRate && format.Name.Equals(Name, StringComparison.OrdinalIgnoreCase) && format.Channels == Channels;
}
