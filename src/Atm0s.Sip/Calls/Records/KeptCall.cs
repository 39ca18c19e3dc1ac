namespace Atm0s.Sip.Calls.Records;

/// <summary>A call that is kept.</summary>
/// <param name="Report">The call.</param>
/// <param name="Record">What was written down of it.</param>
/// <param name="Sequence">Its place among all that were ever kept.</param>
/// <param name="Bytes">What it uses.</param>
internal readonly record struct KeptCall(CallReport Report, CallRecord Record, long Sequence, long Bytes);
