using System.Net;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Ways;

/// <summary>
/// Finds the ways to a SIP URI: its host by A and AAAA records, its transport by the URI (RFC 3263 §4.1, §4.2 without SRV).
/// </summary>
internal static class FlowResolver
{
    // RFC 3263 §4.3: one after another is tried, and each may take half a minute.
    private const int MaxPlaces = 8;

    /// <summary>The transport of a URI; false when it is not spoken here.</summary>
    public static bool TryGetProtocol(SipUri uri, out SipTransportProtocol protocol)
    {
        protocol = SipTransportProtocol.Udp;
        return SipUriView.TryParse(Encoding.UTF8.GetBytes(uri.ToString()), out var view) && UriTransport.TryRead(view, out protocol);
    }

    /// <summary>Where a URI leads, best first, 8 places at most.</summary>
    public static IReadOnlyList<IPEndPoint> PlacesOf(SipUri uri, IReadOnlyList<IPAddress> addresses) =>
        [.. addresses.Distinct().Take(MaxPlaces).Select(address => new IPEndPoint(address, uri.Port == 0 ? 5060 : uri.Port))];

    /// <summary>
    /// The way to the first of the places that a listener of ours reaches; null when there is none. Nothing is opened to the others
    /// before they are needed.
    /// </summary>
    public static FoundWay? Choose(SipStack stack, SipUri uri, IReadOnlyList<IPEndPoint> places)
    {
        if (!TryGetProtocol(uri, out var protocol))
            return null;
        for (var i = 0; i < places.Count; i++)
        {
            if (stack.TryGetFlow(protocol, places[i]) is { } flow)
                return new FoundWay(flow, [.. places.Skip(i + 1)]);
        }

        return null;
    }

    /// <summary>The way to a URI, or null when there is none.</summary>
    public static async ValueTask<FoundWay?> FindAsync(SipStack stack, HostNames hosts, SipUri uri, CancellationToken cancellationToken) =>
        Choose(stack, uri, PlacesOf(uri, await hosts.FindAllAsync(uri.Host, cancellationToken).ConfigureAwait(false)));
}
