using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>Where a leg is bound. Pure.</summary>
internal static class AudioPlace
{
    /// <summary>
    /// The address that the signalling has come to; with ICE all of them (RFC 8445 §5.1.1.1), for a browser that comes through a proxy is
    /// not where that is, and finds us by its checks. Where the listener has one address, the audio has it, too: that was chosen.
    /// </summary>
    /// <param name="signalling">Our address of the signalling.</param>
    /// <param name="protocol">Its transport.</param>
    /// <param name="hasIce">Whether the peer finds the way by checks.</param>
    /// <param name="listeners">Those of the server.</param>
    public static IPAddress For(IPAddress signalling, SipTransportProtocol protocol, bool hasIce, IReadOnlyList<ISipTransport> listeners)
    {
        if (!hasIce || (!IPAddress.IsLoopback(signalling) && IsChosen(signalling, protocol, listeners)))
            return signalling;
        return signalling.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
    }

    private static bool IsChosen(IPAddress address, SipTransportProtocol protocol, IReadOnlyList<ISipTransport> listeners)
    {
        foreach (var listener in listeners)
        {
            if (listener.ListenUri is not null && listener.Protocol == protocol && listener.Options.EndPoint.Address.Equals(address))
                return true;
        }

        return false;
    }
}
