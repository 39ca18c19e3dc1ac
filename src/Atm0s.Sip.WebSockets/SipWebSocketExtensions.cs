using System.Diagnostics.Metrics;
using Atm0s.Sip.Configuration;
using Atm0s.Sip.WebSockets.Metering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.WebSockets;

/// <summary>Adds SIP over WebSocket to an ASP.NET Core host.</summary>
public static class SipWebSocketExtensions
{
    /// <summary>
    /// Takes <see cref="SipWebSocketOptions"/> from a configuration, as strictly as the server takes its own: what is unknown, can't be read
    /// or is out of range stops the start with a <see cref="SipStartException"/> that says where it stands and what to write.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The host's configuration, of which the section <c>SipWebSocket</c> is taken; or a section itself.</param>
    public static IServiceCollection ConfigureSipWebSocket(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<SipWebSocketOptions>()
            .Configure(options => SettingsReader.Read(WebSocketSettings.Table, options, configuration, "SipWebSocket"));
        return services;
    }

    /// <summary>
    /// Maps SIP over WebSocket (RFC 7118): browsers connect with <c>new WebSocket("wss://host/sip", "sip")</c> and are phones of the SIP
    /// server like any other. Ports, certificates and limits of HTTP are those of the host. <see cref="SipWebSocketOptions"/> are set with
    /// <see cref="ConfigureSipWebSocket"/> or <c>services.Configure&lt;SipWebSocketOptions&gt;(...)</c>. Before the server starts.
    /// </summary>
    /// <param name="endpoints">The endpoints of the host.</param>
    /// <param name="path">Where browsers connect.</param>
    /// <returns>The endpoint, for more conventions, for example <c>RequireHost</c> or <c>RequireAuthorization</c>.</returns>
    /// <exception cref="ArgumentException">The path is none.</exception>
    /// <exception cref="InvalidOperationException">The host has no SIP server, or it has been started.</exception>
    /// <exception cref="OptionsValidationException">A setting can't work; says what to write instead.</exception>
    public static IEndpointConventionBuilder MapSipWebSocket(this IEndpointRouteBuilder endpoints, string path = "/sip")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (string.IsNullOrEmpty(path) || path[0] != '/' || path.AsSpan().ContainsAny("{}*?#"))
            throw new ArgumentException($"\"{path}\" is no path for SIP over WebSocket; write for example /sip.", nameof(path));
        var services = endpoints.ServiceProvider;
        if (services.GetService<SipServer>() is not { } server)
            throw new InvalidOperationException("WebSockets bring messages to a SIP server: add one with services.AddSipServer(...).");
        var options = services.GetRequiredService<IOptions<SipWebSocketOptions>>().Value;
        if (SipWebSocketOptionsCheck.Fault(options) is { } fault)
            throw new OptionsValidationException(nameof(SipWebSocketOptions), typeof(SipWebSocketOptions), [fault]);

        var transport = new WebSocketSipTransport(
            path,
            options,
            services.GetRequiredService<IOptions<SipServerOptions>>().Value.Limits,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<SipServer>(),
            services.GetService<IMeterFactory>());
        server.AddTransport(transport);
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.Use(next => context =>
        {
            var meter = new ByteMeter(() => transport.Now);
            meter.Attach(context);
            context.Features.Set(meter);
            return next(context);
        });
        // Whatever the host does about WebSockets elsewhere.
        pipeline.UseWebSockets();
        pipeline.Run(transport.ServeAsync);
        return endpoints.Map(path, pipeline.Build()).WithDisplayName("SIP over WebSocket");
    }
}
