using System.Diagnostics.Metrics;
using Atm0s.Sip;
using Atm0s.Sip.Configuration;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hosting;
using Atm0s.Sip.Media.Dtls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

#pragma warning disable IDE0130 // Extension methods on IServiceCollection live where every host looks for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a SIP server to a host.</summary>
public static class SipServiceCollectionExtensions
{
    /// <summary>
    /// Adds a SIP server that takes its settings from a configuration: <c>appsettings.json</c>, the environment
    /// (<c>Sip__Realm=sip.example.com</c>) and whatever else the host reads. Every property of <see cref="SipServerOptions"/> can be set
    /// under its name; what is unknown or can't be read stops the start with a sentence that names it. Trunks, IP rules and limits follow
    /// when the configuration changes; <c>docs/configuration.md</c> says which.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configuration">
    /// The section with the settings, for example <c>builder.Configuration.GetSection("Sip")</c>, or the whole configuration, whose section
    /// <c>Sip</c> is taken.
    /// </param>
    /// <param name="also">Sets what is not in the configuration; after it, so what it sets counts.</param>
    /// <returns>A builder to add handlers to.</returns>
    public static SipServerBuilder AddSipServer(
        this IServiceCollection services, IConfiguration configuration, Action<SipServerOptions>? also = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration as IConfigurationSection ?? configuration.GetSection("Sip");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<SipServerOptions>, SettingsTokens>());
        services.AddOptions<SipServerOptions>().Configure(options => SettingsReader.Read(options, section));
        services.AddSingleton<IOptionsChangeTokenSource<SipServerOptions>>(new SettingsChange(section));
        return services.AddSipServer(also);
    }

    /// <summary>Adds a SIP server that starts and stops with the host. Inject <see cref="ISipServer"/> to make calls.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets where to listen and everything else.</param>
    /// <returns>A builder to add handlers to.</returns>
    public static SipServerBuilder AddSipServer(this IServiceCollection services, Action<SipServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<SipServerOptions>, SettingsTokens>());
        var options = services.AddOptions<SipServerOptions>();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => Make(provider, services));
        services.TryAddSingleton<ISipServer>(static provider => provider.GetRequiredService<SipServer>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SipServerHostedService>());
        return new SipServerBuilder(services);
    }

    private static SipServer Make(IServiceProvider provider, IServiceCollection services)
    {
        foreach (var handler in provider.GetServices<HandlerMadeOnce>())
        {
            if (handler.ProblemWith(services) is { } problem)
                throw new SipStartException(problem);
        }

        return new SipServer(
            provider.GetRequiredService<IOptions<SipServerOptions>>().Value,
            HookSource.FromServices(provider, services),
            SipServerEnvironment.Default with
            {
                TimeProvider = provider.GetRequiredService<TimeProvider>(),
                LoggerFactory = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
                MeterFactory = provider.GetService<IMeterFactory>(),
                Dtls = provider.GetService<IDtlsProvider>(),
            });
    }
}
