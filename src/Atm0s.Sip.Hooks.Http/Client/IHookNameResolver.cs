using System.Net;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Resolves the hook server's name.</summary>
internal interface IHookNameResolver
{
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
