using Atm0s.Sip;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace RoomServer;

/// <summary>What is asked by those who keep the server running: its health, and its metrics when they are wanted.</summary>
internal static class Telemetry
{
    public static void AddServices(IServiceCollection services, Arguments arguments)
    {
        services.AddHealthChecks().AddSipHealthChecks();
        if (arguments.Metrics)
        {
            services.AddOpenTelemetry().WithMetrics(metrics =>
                metrics.AddMeter(SipTelemetry.MeterNames).AddMeter("System.Runtime").AddPrometheusExporter());
        }
    }

    /// <summary>Adds the paths: without a key, for who asks has none.</summary>
    public static void Map(IEndpointRouteBuilder app, Arguments arguments)
    {
        Map(app, "/health/live", SipHealthChecksBuilderExtensions.LiveTag);
        Map(app, "/health/ready", SipHealthChecksBuilderExtensions.ReadyTag);
        if (arguments.Metrics)
            app.MapPrometheusScrapingEndpoint();
    }

    private static void Map(IEndpointRouteBuilder app, string path, string tag) =>
        app.MapHealthChecks(path, new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag) });
}
