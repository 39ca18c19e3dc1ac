namespace Atm0s.Sip.Media.Rtp;

/// <summary>A payload type of telephone-event (RFC 4733) and the clock that its timestamps and durations are told in.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="ClockRate">In Hz; may differ from the clock of the audio (phones that know events at 8000 only, beside Opus).</param>
public readonly record struct RtpEventFormat(byte PayloadType, int ClockRate);
