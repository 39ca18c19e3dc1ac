namespace Atm0s.Sip.Media.Codecs;

/// <summary>What one stream asks of its encoder.</summary>
/// <param name="PacketTime">Audio of a packet, 10 to 60 ms.</param>
/// <param name="PeerParameters">
/// The receiver's <c>a=fmtp</c> of the format, which limits what it wants to get; empty when it has none, which leaves all at the defaults
/// of the payload
/// format; null (default) when nothing is known of a receiver.
/// </param>
public sealed record AudioEncoderSettings(TimeSpan PacketTime, string? PeerParameters = null)
{
    /// <summary>20 ms, no limits.</summary>
    public static AudioEncoderSettings Default { get; } = new(TimeSpan.FromMilliseconds(20));
}
