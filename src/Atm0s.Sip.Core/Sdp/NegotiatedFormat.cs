namespace Atm0s.Sip.Core.Sdp;

/// <summary>A payload type and the codec that it means in one session.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Format">The codec.</param>
/// <param name="Parameters">
/// The other side's fmtp, which says what it wants to be sent; null when it has none, and for what we receive.
/// </param>
public sealed record NegotiatedFormat(int PayloadType, AudioFormat Format, string? Parameters = null);
