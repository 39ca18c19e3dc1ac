namespace Atm0s.Sip.Core.Sdp;

/// <summary>The header extension that tells how loud a packet is (RFC 6464), as agreed on (RFC 8285 §5). Immutable.</summary>
/// <param name="Id">Its identifier in packets, 1 to 255, which stays as long as the session (§7).</param>
/// <param name="Direction">What of it we do while the stream has the direction for it.</param>
/// <param name="HasVoiceFlag">Whether the flag V means something: <c>vad=on</c>, which is the default (RFC 6464 §4).</param>
internal sealed record AgreedAudioLevel(int Id, SdpDirection Direction, bool HasVoiceFlag);
