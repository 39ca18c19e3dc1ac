using Atm0s.Sip.Configuration;
using Atm0s.Sip.Hooks.Http.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;

namespace Atm0s.Sip.Hooks.Http;

/// <summary>Lets a hook server decide, over HTTP.</summary>
public static class HttpHookBuilderExtensions
{
    /// <summary>
    /// Asks a hook server who may register (<c>/auth</c>) and what becomes of calls (<c>/invite</c>), and tells it of registrations
    /// (<c>/register</c>,
    /// <c>/unregister</c>) and, if wanted, of calls (<c>/call</c>) and of the ends of rooms (<c>/room</c>). A handler that the host registered before stays in place of the hook.
    /// </summary>
    /// <remarks>
    /// When the hook server can't be asked, nobody is let in: authentication fails with 503, calls get
    /// <see cref="HttpHookOptions.InviteFallbackStatus"/>. The server's <c>HandlerTimeout</c> and <c>ObserverTimeout</c> are raised above
    /// the limits of the hooks, else it would give up first.
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
        services.AddSingleton<UntoldRegistrations>();
        services.AddHostedService<RoomReporter>();
        services.AddSingleton(static provider => new RungCalls(
            provider.GetRequiredService<ISipServer>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IHostApplicationLifetime>()?.ApplicationStopped ?? CancellationToken.None));
        services.AddSingleton<ICallObserver>(static provider => provider.GetRequiredService<RungCalls>());
        services.AddOptions<SipServerOptions>()
            .PostConfigure<IOptions<HttpHookOptions>>(static (server, hooks) => Fit(server, hooks.Value));
        AddClient(services, HookClient.Questions, static hooks => hooks.MaxConnections, HookPipeline.BuildQuestions);
        AddClient(services, HookClient.Invites, static hooks => hooks.MaxInviteConnections, HookPipeline.BuildInvites);
        AddClient(services, HookClient.Events, static hooks => hooks.MaxConnections, HookPipeline.BuildEvents);
        return builder.AddAuthProvider<HttpAuthProvider>()
            .AddInviteHandler<HttpInviteHandler>()
            .AddRegistrationObserver<HttpRegistrationObserver>()
            .AddCallObserver<HttpCallObserver>();
    }

    /// <summary>
    /// The same, with settings from a configuration, which is read as strictly as that of the server: what is unknown, can't be read or is
    /// out of range stops the start with a <see cref="SipStartException"/> that says where it stands and what to write.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="configuration">The host's configuration, of which the section <c>SipHooks</c> is taken; or a section itself.</param>
    /// <param name="also">Sets what the configuration does not, and wins over it.</param>
    /// <returns>The same builder.</returns>
    public static SipServerBuilder AddHttpHooks(
        this SipServerBuilder builder, IConfiguration configuration, Action<HttpHookOptions>? also = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return builder.AddHttpHooks(options =>
        {
            SettingsReader.Read(HookSettings.Table, options, configuration, "SipHooks");
            also?.Invoke(options);
        });
    }

    // The server gives up later than the hook client, which knows what to say then.
    private static void Fit(SipServerOptions server, HttpHookOptions hooks)
    {
        var margin = TimeSpan.FromSeconds(1);
        var question = (hooks.InviteTimeout > hooks.TotalTimeout ? hooks.InviteTimeout : hooks.TotalTimeout) + margin;
        // What is not positive is wrong, and said to be.
        if (server.HandlerTimeout > TimeSpan.Zero && server.HandlerTimeout < question)
            server.HandlerTimeout = question;
        if (server.ObserverTimeout > TimeSpan.Zero && server.ObserverTimeout < hooks.EventTotalTimeout + margin)
            server.ObserverTimeout = hooks.EventTotalTimeout + margin;
    }

    private static void AddClient(
        IServiceCollection services,
        string name,
        Func<HttpHookOptions, int> maxConnections,
        Action<ResiliencePipelineBuilder<HttpResponseMessage>, HttpHookOptions> build)
    {
        var client = services.AddHttpClient(name, static http => http.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider => HookSockets.Make(provider, maxConnections))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        client.AddResilienceHandler(name, (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            // What happens is logged once, by HookClient, without the text of exceptions.
            pipeline.ConfigureTelemetry(NullLoggerFactory.Instance);
            build(pipeline, context.ServiceProvider.GetRequiredService<IOptions<HttpHookOptions>>().Value);
        });
        // Inside the pipeline: once for each attempt.
        client.AddHttpMessageHandler(static () => new HookTransportHandler());
    }
}
