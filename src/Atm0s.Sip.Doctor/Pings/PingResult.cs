namespace Atm0s.Sip.Doctor.Pings;

/// <summary>What came of a ping.</summary>
/// <param name="Status">Status code of the answer; 0 for none.</param>
/// <param name="Took">Time to the answer.</param>
/// <param name="Problem">Why there is none, or null.</param>
/// <param name="IsRefusedByTls">Whether somebody is there, and the handshake failed.</param>
internal sealed record PingResult(int Status, TimeSpan Took, string? Problem, bool IsRefusedByTls = false);
