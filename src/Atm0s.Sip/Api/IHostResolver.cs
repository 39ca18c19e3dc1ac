using System.Net;

namespace Atm0s.Sip;

/// <summary>
/// Finds the addresses of hosts: those that are called (RFC 3263 §4.2), and those that phones name in their session descriptions instead of
/// writing an address (RFC 8866 §5.7).
/// </summary>
public interface IHostResolver
{
    /// <summary>Looks a host up. May take its time and may fail: the server waits 2 s at most, 10 s for one that is called.</summary>
    /// <param name="host">
    /// A name of letters, digits, dots, hyphens and underscores, at most 253 characters; it comes from the network.
    /// </param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>Its addresses, best first; empty when there are none.</returns>
    ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
