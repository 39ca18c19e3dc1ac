using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Atm0s.Sip.Doctor.Health;

/// <summary>A report as a health check; one report serves for a while, however many ask.</summary>
/// <param name="examine">Makes a report.</param>
/// <param name="keepFor">For how long one is used.</param>
/// <param name="time">Clock.</param>
internal sealed class SipDoctorHealthCheck(Func<CancellationToken, Task<DoctorReport>> examine, TimeSpan keepFor, TimeProvider time)
    : IHealthCheck, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private DoctorReport? _report;
    private long _at;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        DoctorReport report;
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_report is null || time.GetElapsedTime(_at) >= keepFor)
            {
                _report = await examine(cancellationToken).ConfigureAwait(false);
                _at = time.GetTimestamp();
            }

            report = _report;
        }
        finally
        {
            _one.Release();
        }

        var bad = report.Findings.Where(finding => finding.Verdict == report.Verdict && finding.Verdict != DoctorVerdict.Ok).ToList();
        var text = bad.Count == 0 ? "all is well" : string.Join("; ", bad.Select(finding => $"{finding.Check}: {finding.Text}"));
        var data = report.Findings.GroupBy(finding => finding.Check)
            .ToDictionary(group => group.Key, group => (object)group.Max(finding => finding.Verdict).ToString());
        return report.Verdict switch
        {
            DoctorVerdict.Ok => HealthCheckResult.Healthy(text, data),
            DoctorVerdict.Warning => HealthCheckResult.Degraded(text, null, data),
            _ => new HealthCheckResult(context.Registration.FailureStatus, text, null, data),
        };
    }

    public void Dispose() => _one.Dispose();
}
