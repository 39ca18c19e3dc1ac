using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport;

/// <summary>What a listener calls itself towards a peer.</summary>
internal static class SentByText
{
    public static string Create(SipListenerOptions options, IPEndPoint local, IPAddress remote)
    {
        var isLocal = IsLocal(options.LocalNetworks, remote);
        var host = (isLocal ? null : options.AdvertisedHost)
            ?? (local.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{WithoutScope(local.Address)}]" : local.Address.ToString());
        if (host.Contains(':', StringComparison.Ordinal) && host[0] != '[')
            host = $"[{host}]";
        return $"{host}:{(isLocal ? null : options.AdvertisedPort) ?? local.Port}";
    }

    private static bool IsLocal(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i].Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))
                return true;
        }

        return false;
    }

    private static IPAddress WithoutScope(IPAddress address) => address.ScopeId == 0 ? address : new IPAddress(address.GetAddressBytes());
}
