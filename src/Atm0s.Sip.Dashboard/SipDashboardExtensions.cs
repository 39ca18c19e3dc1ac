using Atm0s.Sip.Configuration;
using Atm0s.Sip.Control;
using Atm0s.Sip.Dashboard.Assets;
using Atm0s.Sip.Dashboard.Endpoints;
using Atm0s.Sip.Dashboard.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Dashboard;

/// <summary>Adds the dashboard to an ASP.NET Core host.</summary>
public static class SipDashboardExtensions
{
    /// <summary>
    /// Takes <see cref="SipDashboardOptions"/> from a configuration, as strictly as the server takes its own: what is unknown, can't be read
    /// or is out of range stops the start with a <see cref="SipStartException"/> that says where it stands and what to write.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The host's configuration, of which the section <c>SipDashboard</c> is taken; or a section itself.</param>
    public static IServiceCollection ConfigureSipDashboard(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<SipDashboardOptions>()
            .Configure(options => SettingsReader.Read(DashboardSettings.Table, options, configuration, "SipDashboard"));
        return services;
    }

    /// <summary>
    /// Maps a page that shows the calls, rooms, phones and trunks of the server as they are, and commands them. Its data wants a key of the
    /// control API, which the host adds with <c>AddSipControl</c>; the page itself, which says nothing, does not.
    /// <see cref="SipDashboardOptions"/> are set with <see cref="ConfigureSipDashboard"/> or
    /// <c>services.Configure&lt;SipDashboardOptions&gt;(...)</c>.
    /// </summary>
    /// <param name="endpoints">The endpoints of the host.</param>
    /// <param name="path">Where the page is; everything it asks for lies below.</param>
    /// <returns>The group of all endpoints of the dashboard, for more conventions.</returns>
    /// <exception cref="ArgumentException">The path is none.</exception>
    /// <exception cref="InvalidOperationException">The host has no control API (<c>AddSipControl</c>), or no SIP server.</exception>
    /// <exception cref="OptionsValidationException">A setting can't work; says what to write instead.</exception>
    public static RouteGroupBuilder MapSipDashboard(this IEndpointRouteBuilder endpoints, string path = "/sip/dashboard")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (string.IsNullOrEmpty(path) || path[0] != '/' || path.AsSpan().ContainsAny("{}*?#"))
            throw new ArgumentException($"\"{path}\" is no path for the dashboard; write for example /sip/dashboard.", nameof(path));
        var services = endpoints.ServiceProvider;
        if (services.GetService<ISipServer>() is not { } server)
            throw new InvalidOperationException("The dashboard looks at a SIP server: add one with services.AddSipServer(...).");
        var options = services.GetRequiredService<IOptions<SipDashboardOptions>>().Value;
        if (DashboardOptionsCheck.Fault(options) is { } fault)
            throw new OptionsValidationException(nameof(SipDashboardOptions), typeof(SipDashboardOptions), [fault]);

        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var feed = new DashboardFeed(
            server,
            options,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<DashboardFeed>());
        lifetime.ApplicationStarted.Register(feed.Start);
        lifetime.ApplicationStopping.Register(feed.Dispose);

        var group = endpoints.MapGroup(path.TrimEnd('/'));
        group.ExcludeFromDescription();
        PageEndpoints.Map(group, PageFiles.Load(options));
        var data = group.MapGroup("/api");
        data.RequireSipControlAccess();
        data.AddEndpointFilter(new SecurityHeadersFilter());
        LiveEndpoint.Map(data, feed);
        CallDetailEndpoints.Map(data, server);
        if (options.AllowCommands)
            CommandEndpoints.Map(data, server);
        return group;
    }
}
