using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Dtls;

/// <summary>Adds DTLS-SRTP to a host.</summary>
public static class DtlsServiceCollectionExtensions
{
    /// <summary>
    /// Lets the SIP server of this host agree on keys by DTLS (RFC 5763), as browsers do, unless an <see cref="IDtlsProvider"/> is
    /// registered already.
    /// </summary>
    /// <param name="services">The services of the host, with a SIP server among them before or after.</param>
    /// <param name="options">Bounds of handshakes; null takes the defaults.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddDtlsSrtp(this IServiceCollection services, DtlsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IDtlsProvider>(provider => new DtlsProvider(
            options, provider.GetService<TimeProvider>(), provider.GetService<ILoggerFactory>()?.CreateLogger<DtlsProvider>()));
        return services;
    }
}
