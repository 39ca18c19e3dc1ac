namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>Audio of a call as a whole.</summary>
/// <param name="Codec">Encoding name.</param>
/// <param name="Sent">RTP packets sent.</param>
/// <param name="Received">RTP packets received.</param>
/// <param name="Lost">RTP packets that never came.</param>
/// <param name="Discarded">RTP packets that came too late.</param>
/// <param name="Concealed">Share of the audio that was made up, in percent.</param>
/// <param name="Buffer">Delay of the jitter buffer, in milliseconds.</param>
/// <param name="RoundTrip">Network round trip in milliseconds, or null.</param>
/// <param name="Local">Our RTP address.</param>
/// <param name="Remote">The other side's.</param>
internal sealed record AudioDetail(
    string Codec, long Sent, long Received, long Lost, long Discarded, double Concealed, double Buffer, double? RoundTrip, string? Local,
    string? Remote);
