using Atm0s.Sip.Hooks.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Atm0s.Sip.Observability.Tests.Docs;

/// <summary>The code on the page about observing, as it stands there.</summary>
public sealed class PageCodeTests
{
    [Test]
    public async Task TracesMetersAndHealth_AreWired()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSipServer(sip => sip.Listen("udp://127.0.0.1:0")).AddHttpHooks(hooks => hooks.Url = "http://127.0.0.1:3000/hooks");
        builder.Services.AddHealthChecks().AddSipHealthChecks();
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(SipTelemetry.ActivitySourceName).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(SipTelemetry.MeterNames).AddPrometheusExporter());
        var app = builder.Build();

        app.MapHealthChecks("/health/live", new() { Predicate = check => check.Tags.Contains("live") });
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") });
        app.MapPrometheusScrapingEndpoint();    // /metrics

        var routes = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
        Assert.That(routes.Select(route => route.RoutePattern.RawText), Is.SupersetOf(new[] { "/health/live", "/health/ready", "/metrics" }));
        await app.DisposeAsync();
    }

    [Test]
    public void DrainAtTheStop_IsSet()
    {
        var (builder, options) = (Host.CreateApplicationBuilder(), new SipServerOptions());
        options.WaitForCallsToEnd = TimeSpan.FromMinutes(30);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(31));
        using var services = builder.Services.BuildServiceProvider();
        var host = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HostOptions>>().Value;
        Assert.That(host.ShutdownTimeout, Is.GreaterThan(options.WaitForCallsToEnd));
    }
}
