namespace Atm0s.Sip.Media.Dtmf;

/// <summary>A digit to be sent.</summary>
/// <param name="Event">Event code, 0 to 15 (RFC 4733 §3.2).</param>
/// <param name="Ticks">Its length, in frames of 20 ms.</param>
/// <param name="GapTicks">Pause after it, in frames of 20 ms.</param>
internal readonly record struct DtmfTone(byte Event, int Ticks, int GapTicks);
