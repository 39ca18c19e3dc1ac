using Atm0s.Sip;
using Atm0s.Sip.Doctor;
using Atm0s.Sip.Doctor.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

#pragma warning disable IDE0130 // Extension methods on IHealthChecksBuilder live where every host looks for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the doctor to the health checks of a host.</summary>
public static class SipDoctorHealthCheckExtensions
{
    /// <summary>
    /// Adds a health check that says whether the server's settings fit the machine: healthy, degraded for warnings, else
    /// <paramref name="failureStatus"/>. No loopback call and no measuring of the timer unless <paramref name="configure"/> turns them on.
    /// For readiness rather than liveness: a restart changes little of what it finds.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="configure">Says what to look at.</param>
    /// <param name="name">Name of the check.</param>
    /// <param name="failureStatus">What a failure means; null for unhealthy.</param>
    /// <param name="tags">Tags to filter by.</param>
    /// <exception cref="ArgumentException">A time is out of its range.</exception>
    public static IHealthChecksBuilder AddSipDoctor(
        this IHealthChecksBuilder builder,
        Action<DoctorOptions>? configure = null,
        string name = "sip-doctor",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new DoctorOptions { LoopbackCall = false, MeasureTimer = false };
        configure?.Invoke(options);
        options.Check();
        // Of the host, as long as it lives: each look has a scope of its own, which is gone after it.
        var key = new object();
        builder.Services.AddKeyedSingleton(key, (services, _) => new SipDoctorHealthCheck(
            cancellation =>
            {
                options.IsRunning = services.GetService<SipServer>() is { ListenUris.Count: > 0 };
                return SipDoctor.ExamineAsync(services, options, cancellation);
            },
            options.CacheDuration,
            services.GetService<TimeProvider>() ?? TimeProvider.System));
        return builder.Add(new HealthCheckRegistration(
            name, services => services.GetRequiredKeyedService<SipDoctorHealthCheck>(key), failureStatus, tags));
    }
}
