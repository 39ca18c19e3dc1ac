using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>Which addresses are this server. Any thread.</summary>
internal sealed class OwnListeners(IReadOnlyList<ISipTransport> listeners, LocalNetworks networks)
{
    /// <summary>Whether one of our listeners is at an address, or is reached at it from outside.</summary>
    public bool Contains(IPEndPoint endPoint) => listeners.Any(listener =>
    {
        var local = listener.LocalEndPoint;
        var isHere = endPoint.Port == local.Port
            && (endPoint.Address.Equals(local.Address) || (IsAny(local.Address) && networks.IsOwn(endPoint.Address)));
        return isHere
            || (endPoint.Port == (listener.Options.AdvertisedPort ?? local.Port)
                && endPoint.Address.ToString() == listener.Options.AdvertisedHost);
    });

    /// <summary>Whether one of our listeners has a port.</summary>
    public bool HasPort(int port) => listeners.Any(l => l.LocalEndPoint.Port == port || l.Options.AdvertisedPort == port);

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
