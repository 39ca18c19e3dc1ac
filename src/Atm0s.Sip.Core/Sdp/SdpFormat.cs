namespace Atm0s.Sip.Core.Sdp;

/// <summary>One format of an m-line: payload type, and what it stands for.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Name">Encoding name of rtpmap, or of the static payload type (RFC 3551 §6); empty when unknown.</param>
/// <param name="ClockRate">Clock rate in Hz; 0 when unknown.</param>
/// <param name="Channels">Channels, 1 when not given.</param>
/// <param name="Parameters">Value of fmtp, or null.</param>
public sealed record SdpFormat(int PayloadType, string Name, int ClockRate, int Channels, string? Parameters)
{
    /// <summary>Whether it is telephone-event (RFC 4733).</summary>
    public bool IsTelephoneEvent => Name.Equals("telephone-event", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is comfort noise (RFC 3389).</summary>
    public bool IsComfortNoise => Name.Equals("CN", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether both stand for the same, whatever their numbers.</summary>
    /// <param name="other">The other one.</param>
    public bool MeansTheSameAs(SdpFormat other) =>
        ClockRate == other.ClockRate && Channels == other.Channels && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);
}
