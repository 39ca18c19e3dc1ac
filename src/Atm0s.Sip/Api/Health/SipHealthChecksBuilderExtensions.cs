using Atm0s.Sip;
using Atm0s.Sip.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

#pragma warning disable IDE0130 // Extension methods on IHealthChecksBuilder live where every host looks for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health checks of a SIP server.</summary>
public static class SipHealthChecksBuilderExtensions
{
    /// <summary>Tag of the checks that say whether the process is worth keeping: a failure is cured by a new one.</summary>
    public const string LiveTag = "live";

    /// <summary>Tag of the checks that say whether new calls should come here.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// Adds seven checks of the server that <c>AddSipServer</c> has added. Their results have the
    /// figures as data.
    /// <list type="bullet">
    /// <item><c>sip.listeners</c> (live, ready): each listener receives, and no receiving thread hangs.</item>
    /// <item><c>sip.media</c> (live, ready): each media thread that has a room ticks.</item>
    /// <item><c>sip.accepting</c> (ready): the server has started, and neither drains nor stops.</item>
    /// <item><c>sip.ports</c> (ready): there are UDP ports for another call; degraded from nine tenths on.</item>
    /// <item><c>sip.overload</c> (ready): degraded while a part of the new requests is refused because messages wait too long.</item>
    /// <item><c>sip.trunks</c> (ready): degraded while a trunk that registers is not registered.</item>
    /// <item><c>sip.opus</c> (ready): degraded when Opus is wanted and no library for it loads.</item>
    /// </list>
    /// Before the start and after the end the checks for readiness fail and those for liveness do not.
    /// </summary>
    /// <param name="builder">From <c>services.AddHealthChecks()</c>.</param>
    /// <param name="failureStatus">What a failure is reported as; null, the default, is <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">More tags for each check.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddSipHealthChecks(
        this IHealthChecksBuilder builder, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string[] more = [.. tags ?? []];
        Add("sip.listeners", static health => health.Listeners(), LiveTag, ReadyTag);
        Add("sip.media", static health => health.MediaThreads(), LiveTag, ReadyTag);
        Add("sip.accepting", static health => health.Accepting(), ReadyTag);
        Add("sip.ports", static health => health.Ports(), ReadyTag);
        Add("sip.overload", static health => health.Overload(), ReadyTag);
        Add("sip.trunks", static health => health.Trunks(), ReadyTag);
        Add("sip.opus", static health => health.Opus(), ReadyTag);
        return builder;

        void Add(string name, Func<ServerHealth, HealthReading> look, params string[] own) => builder.Add(new HealthCheckRegistration(
            name,
            services => new SipHealthCheck(
                services.GetRequiredService<SipServer>(),
                look,
                own.Contains(LiveTag) ? HealthStatus.Healthy : HealthStatus.Unhealthy),
            failureStatus,
            [.. own, .. more]));
    }
}
