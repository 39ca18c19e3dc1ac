using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Atm0s.Sip.Health;

/// <summary>One of the health checks of a server.</summary>
/// <param name="server">The server.</param>
/// <param name="look">Looks at a part of it while it runs.</param>
/// <param name="whenStopped">What it is when the server is not started yet, or has stopped.</param>
internal sealed class SipHealthCheck(SipServer server, Func<ServerHealth, HealthReading> look, HealthStatus whenStopped) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (server.Running is not { } parts)
            return Task.FromResult(Of(whenStopped, "the server is not running", null));
        var reading = look(parts.Health);
        return Task.FromResult(Of(reading.Status, reading.Description, reading.Data));

        // The host may have said that a failure of this check is to be something less.
        HealthCheckResult Of(HealthStatus status, string description, IReadOnlyDictionary<string, object>? data) => new(
            status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : status, description, exception: null, data);
    }
}
