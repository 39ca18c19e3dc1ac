namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>A point of the curves of a call.</summary>
/// <param name="At">Unix time in milliseconds.</param>
/// <param name="Mos">Mean opinion score, or null.</param>
/// <param name="Jitter">Milliseconds.</param>
/// <param name="Loss">Percent.</param>
/// <param name="Heard">Level of the phone, dBov.</param>
/// <param name="Said">Level of what the phone is sent, dBov.</param>
/// <param name="RoundTrip">Milliseconds, or null.</param>
internal sealed record QualityPoint(long At, double? Mos, double Jitter, double Loss, int Heard, int Said, double? RoundTrip);
