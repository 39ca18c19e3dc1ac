using System.Net;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Asks the operating system.</summary>
internal sealed class SystemNameResolver : IHookNameResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Dns.GetHostAddressesAsync(host, cancellationToken);
}
