using Atm0s.Sip.Hooks.Http.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http;

/// <summary>Lets a hook server decide, over HTTP.</summary>
public static class HttpHookBuilderExtensions
{
    /// <summary>
    /// Asks a hook server who may register (<c>/auth</c>) and what becomes of calls (<c>/invite</c>), and tells it of registrations
    /// (<c>/register</c>,
    /// <c>/unregister</c>) and, if wanted, of calls (<c>/call</c>). A handler that the host registered before stays in place of the hook.
    /// </summary>
    /// <remarks>
    /// When the hook server can't be asked, nobody is let in: authentication fails with 500 or 503, calls get
    /// <see cref="HttpHookOptions.InviteFallbackStatus"/>.
    /// What it could not be told is logged and dropped. Settings are checked when the host starts, with an
    /// <see cref="OptionsValidationException"/>.
    /// </remarks>
    /// <param name="builder">The server.</param>
    /// <param name="configure">Sets at least <see cref="HttpHookOptions.Url"/>.</param>
    /// <returns>The same builder.</returns>
    public static SipServerBuilder AddHttpHooks(this SipServerBuilder builder, Action<HttpHookOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var services = builder.Services;
        services.AddOptions<HttpHookOptions>().Configure(configure).ValidateOnStart();
        // A second call only adds settings.
        if (services.Any(static service => service.ServiceType == typeof(HookClient)))
            return builder;

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HttpHookOptions>, HttpHookOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHookNameResolver, SystemNameResolver>();
        services.AddMetrics();
        services.AddSingleton<HookMetrics>();
        services.AddSingleton<HookClient>();
        AddClient(services, HookClient.Questions, events: false);
        AddClient(services, HookClient.Events, events: true);
        return builder.AddAuthProvider<HttpAuthProvider>()
            .AddInviteHandler<HttpInviteHandler>()
            .AddRegistrationObserver<HttpRegistrationObserver>()
            .AddCallObserver<HttpCallObserver>();
    }

    private static void AddClient(IServiceCollection services, string name, bool events)
    {
        var client = services.AddHttpClient(name, static http => http.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(HookSockets.Make)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        client.AddResilienceHandler(name, (pipeline, context) => HookPipeline.Build(
            pipeline,
            context.ServiceProvider.GetRequiredService<IOptions<HttpHookOptions>>().Value,
            events,
            context.ServiceProvider.GetRequiredService<TimeProvider>()));
        // Inside the pipeline: once for each attempt.
        client.AddHttpMessageHandler(static () => new HookTransportHandler());
    }
}
