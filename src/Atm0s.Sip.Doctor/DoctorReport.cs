namespace Atm0s.Sip.Doctor;

/// <summary>All that a doctor has found.</summary>
/// <param name="ExaminedAt">When (UTC).</param>
/// <param name="Took">How long it took.</param>
/// <param name="Findings">The findings, in the order of the checks.</param>
public sealed record DoctorReport(DateTimeOffset ExaminedAt, TimeSpan Took, IReadOnlyList<DoctorFinding> Findings)
{
    /// <summary>The worst verdict among them.</summary>
    public DoctorVerdict Verdict => Findings.Count == 0 ? DoctorVerdict.Ok : Findings.Max(finding => finding.Verdict);
}
