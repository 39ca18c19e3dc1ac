using Atm0s.Sip.Configuration;
using Atm0s.Sip.Control.Events;
using Atm0s.Sip.Control.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;

namespace Atm0s.Sip.Control;

/// <summary>Adds the control API to an ASP.NET Core host.</summary>
public static class SipControlExtensions
{
    /// <summary>
    /// Adds what the control API needs. The host starts only with a key, or with <see cref="SipControlOptions.AllowAnonymous"/>.
    /// </summary>
    /// <param name="services">The services of the host; a SIP server is added beside it with <c>AddSipServer</c>.</param>
    /// <param name="configure">Sets keys and times.</param>
    public static IServiceCollection AddSipControl(this IServiceCollection services, Action<SipControlOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SipControlOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SipControlOptions>, SipControlOptionsValidator>());
        services.TryAddSingleton<ApiKeyCheck>();
        services.TryAddSingleton<WrongKeys>();
        services.TryAddSingleton<EventLog>();
        services.TryAddSingleton<WatcherPlaces>();
        services.TryAddSingleton<ServedFiles>();
        services.TryAddSingleton<Playing>();
        services.TryAddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ControlJson.Default));
        services.AddProblemDetails();
        services.AddOpenApi("sip", OpenApiDocumentShape.Describe);
        return services;
    }

    /// <summary>
    /// The same, with settings from a configuration, which is read as strictly as that of the server: what is unknown, can't be read or is
    /// out of range stops the start with a <see cref="SipStartException"/> that says where it stands and what to write.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">The host's configuration, of which the section <c>SipControl</c> is taken; or a section itself.</param>
    /// <param name="also">Sets what the configuration does not, and wins over it.</param>
    public static IServiceCollection AddSipControl(
        this IServiceCollection services, IConfiguration configuration, Action<SipControlOptions>? also = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddSipControl(options =>
        {
            SettingsReader.Read(ControlSettings.Table, options, configuration, "SipControl");
            also?.Invoke(options);
        });
    }

    /// <summary>Maps the control API: <c>/health</c>, <c>/sip/invite/client</c>, <c>/sip/invite/server</c> as the original, and calls,
    /// rooms, registrations, trunks and events.
    /// For WebSockets the host also calls <c>UseWebSockets</c>.</summary>
    /// <param name="endpoints">The endpoints of the host.</param>
    /// <returns>The group of all but <c>/health</c>, for more conventions.</returns>
    public static RouteGroupBuilder MapSipControl(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        HealthEndpoint.Map(endpoints);
        var group = endpoints.MapGroup("");
        group.AddEndpointFilter(new ApiKeyFilter());
        group.AddEndpointFilter(new RequestGuard());
        group.AddEndpointFilter(new ServerStateFilter());
        ((IEndpointConventionBuilder)group).Finally(AnyContentType.Allow);
        InviteEndpoints.Map(group);
        CallEndpoints.Map(group);
        CallInsightEndpoints.Map(group);
        EndedCallEndpoints.Map(group);
        RoomEndpoints.Map(group);
        SoundEndpoints.Map(group);
        BotEndpoints.Map(group);
        DirectoryEndpoints.Map(group);
        EventEndpoint.Map(group);
        return group;
    }

    /// <summary>
    /// Maps the OpenAPI document at <c>/openapi/sip.json</c>, and a page to read and try it at <c>/scalar</c>. Both need no key: they say
    /// nothing that is secret.
    /// </summary>
    /// <param name="endpoints">The endpoints of the host.</param>
    public static IEndpointRouteBuilder MapSipControlDocs(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapOpenApi();
        endpoints.MapScalarApiReference("/scalar", scalar => scalar.AddDocument("sip"));
        return endpoints;
    }
}
