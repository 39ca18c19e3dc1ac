using Atm0s.Sip.Media.Codecs;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>A payload type and the codec it stands for in one session.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Codec">What encodes and decodes it.</param>
/// <param name="Parameters">The other side's <c>a=fmtp</c> of it, which limits what we send; null when it has none.</param>
public sealed record RtpFormat(byte PayloadType, IAudioCodec Codec, string? Parameters = null);
