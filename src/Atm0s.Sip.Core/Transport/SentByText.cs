using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport;

/// <summary>What a listener calls itself towards a peer.</summary>
internal static class SentByText
{
    public static string Create(SipListenerOptions options, IPEndPoint local)
    {
        var host = options.AdvertisedHost
            ?? (local.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{WithoutScope(local.Address)}]" : local.Address.ToString());
        if (host.Contains(':', StringComparison.Ordinal) && host[0] != '[')
            host = $"[{host}]";
        return $"{host}:{options.AdvertisedPort ?? local.Port}";
    }

    private static IPAddress WithoutScope(IPAddress address) => address.ScopeId == 0 ? address : new IPAddress(address.GetAddressBytes());
}
