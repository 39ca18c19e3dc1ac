namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>One packet of a trace: its number, when it was sent and when it came, in ms.</summary>
internal readonly record struct TracePacket(int Number, double Sent, double Arrival);
