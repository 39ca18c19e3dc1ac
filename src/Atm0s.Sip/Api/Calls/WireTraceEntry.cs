namespace Atm0s.Sip;

/// <summary>A SIP message of a call as it was on the wire.</summary>
/// <param name="Timestamp">When it was sent or received (UTC).</param>
/// <param name="IsSent">Whether we sent it.</param>
/// <param name="Peer">The other side, for example <c>udp://192.0.2.7:5060</c>.</param>
/// <param name="Message">The message; digest responses, keys of SRTP and digits are masked. Bytes that are no UTF-8 are replaced.</param>
public sealed record WireTraceEntry(DateTimeOffset Timestamp, bool IsSent, string Peer, string Message);
