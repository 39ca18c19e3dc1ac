namespace Atm0s.Sip.Core.Sdp;

/// <summary>A payload type of telephone-event (RFC 4733).</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="ClockRate">In Hz; not always that of the audio.</param>
public readonly record struct NegotiatedEvents(int PayloadType, int ClockRate);
