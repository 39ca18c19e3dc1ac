using System.Net;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>
/// Which addresses the hook client may connect to. The configured URL says what is meant: a DNS name means the public internet, an IP
/// literal means just that
/// address, <c>localhost</c> means this machine. So whoever answers DNS can't turn our requests against the inside of the network.
/// </summary>
/// <param name="host">Host of the configured URL.</param>
/// <param name="allowed">Networks that are allowed besides.</param>
internal sealed class HookAddressPolicy(string host, NetworkSet allowed)
{
    private readonly bool _literal = IPAddress.TryParse(host, out _);
    private readonly bool _localhost = IsLocalhost(host);

    public static bool IsLocalhost(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);

    public bool Allows(IPAddress address)
    {
        if (allowed.Contains(address))
            return true;
        var kind = HookAddresses.KindOf(address);
        if (_localhost)
            return kind == HookAddressKind.Loopback;
        return kind == HookAddressKind.Public || (_literal && (kind is HookAddressKind.Loopback or HookAddressKind.Private));
    }
}
