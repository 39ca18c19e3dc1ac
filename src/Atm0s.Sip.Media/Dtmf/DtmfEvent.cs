namespace Atm0s.Sip.Media.Dtmf;

/// <summary>A key that was pressed and released, told once (RFC 4733).</summary>
/// <param name="Event">Event code: 0 to 15 are the keys, 16 is flash (§3.2).</param>
/// <param name="Digit">0 to 9, *, #, A to D; NUL for flash.</param>
/// <param name="Duration">How long it was pressed, as far as packets told.</param>
public readonly record struct DtmfEvent(byte Event, char Digit, TimeSpan Duration);
