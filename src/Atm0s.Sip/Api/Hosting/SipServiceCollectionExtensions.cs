using Atm0s.Sip;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hosting;
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
    /// <summary>Adds a SIP server that starts and stops with the host. Inject <see cref="ISipServer"/> to make calls.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets where to listen and everything else.</param>
    /// <returns>A builder to add handlers to.</returns>
    public static SipServerBuilder AddSipServer(this IServiceCollection services, Action<SipServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<SipServerOptions>();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new SipServer(
            provider.GetRequiredService<IOptions<SipServerOptions>>().Value,
            HookSource.FromServices(provider, services),
            SipServerEnvironment.Default with
            {
                TimeProvider = provider.GetRequiredService<TimeProvider>(),
                LoggerFactory = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            }));
        services.TryAddSingleton<ISipServer>(static provider => provider.GetRequiredService<SipServer>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SipServerHostedService>());
        return new SipServerBuilder(services);
    }
}
