namespace Atm0s.Sip.Doctor;

/// <summary>What a check has found.</summary>
/// <param name="Check">Name of the check: <c>settings</c>, <c>listeners</c>, <c>certificates</c>, <c>advertised</c>, <c>nat</c>,
/// <c>rtp-ports</c>, <c>descriptors</c>, <c>buffers</c>, <c>machine</c>, <c>timer</c>, <c>opus</c>, <c>trunks</c> or <c>call</c>.</param>
/// <param name="Verdict">What it comes to.</param>
/// <param name="Text">What was found, in a sentence.</param>
/// <param name="Advice">What to do, in a sentence; null when there is nothing to be done.</param>
public sealed record DoctorFinding(string Check, DoctorVerdict Verdict, string Text, string? Advice = null)
{
    internal static DoctorFinding Ok(string check, string text) => new(check, DoctorVerdict.Ok, text);

    internal static DoctorFinding Warning(string check, string text, string advice) => new(check, DoctorVerdict.Warning, text, advice);

    internal static DoctorFinding Failed(string check, string text, string advice) => new(check, DoctorVerdict.Failed, text, advice);
}
