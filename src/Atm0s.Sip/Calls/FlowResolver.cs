using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls;

/// <summary>
/// Finds the way to a SIP URI: its host by A and AAAA records, its transport by the URI (RFC 3263 §4.1, §4.2 without SRV).
/// </summary>
internal static class FlowResolver
{
    /// <summary>The transport of a URI; false when it is not spoken here.</summary>
    public static bool TryGetProtocol(SipUri uri, out SipTransportProtocol protocol)
    {
        protocol = SipTransportProtocol.Udp;
        return SipUriView.TryParse(Encoding.UTF8.GetBytes(uri.ToString()), out var view) && UriTransport.TryRead(view, out protocol);
    }

    /// <summary>Addresses of a host, itself when it is one; empty when it is not known.</summary>
    public static async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            return [];
        }
    }

    /// <summary>The first of the addresses that a listener of ours reaches.</summary>
    public static SipFlow? Choose(SipStack stack, SipUri uri, IPAddress[] addresses)
    {
        if (!TryGetProtocol(uri, out var protocol))
            return null;
        foreach (var address in addresses)
        {
            if (stack.TryGetFlow(protocol, new IPEndPoint(address, uri.Port == 0 ? 5060 : uri.Port)) is { } flow)
                return flow;
        }

        return null;
    }

    /// <summary>The way to a URI, or null when there is none.</summary>
    public static async ValueTask<SipFlow?> FindAsync(SipStack stack, SipUri uri, CancellationToken cancellationToken) =>
        Choose(stack, uri, await ResolveAsync(uri.Host, cancellationToken).ConfigureAwait(false));
}
