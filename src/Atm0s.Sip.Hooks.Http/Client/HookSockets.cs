using System.Net;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Makes the innermost handler: no redirects, cookies, proxy or decompression, and only checked addresses.</summary>
internal static class HookSockets
{
    /// <summary>
    /// How long a connection is kept that nothing was asked over: less than hook servers do, which close at 2 s (gunicorn) or 5 s (node,
    /// uvicorn). A question that crosses their end is lost, and <c>/invite</c> is not asked twice.
    /// </summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(1.5);

    public static SocketsHttpHandler Make(IServiceProvider services, Func<HttpHookOptions, int> maxConnections)
    {
        var options = services.GetRequiredService<IOptions<HttpHookOptions>>().Value;
        var policy = new HookAddressPolicy(new Uri(options.Url).DnsSafeHost, new NetworkSet(options.AllowedNetworks));
        var connector = new HookConnector(
            services.GetRequiredService<IHookNameResolver>(), policy, options.AttemptTimeout, services.GetRequiredService<TimeProvider>());
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = 16,
            // A crowd of phones may come at once.
            MaxConnectionsPerServer = maxConnections(options),
            // What is left of an answer that was refused is not read.
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = IdleTimeout,
            // A changed DNS record is noticed after this time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(context.DnsEndPoint, cancellationToken),
        };
    }
}
