using System.Net;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;

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
    public static IReadOnlyList<IPEndPoint> PlacesOf(SipUri uri, IReadOnlyList<IPAddress> addresses)
    {
        _ = TryGetProtocol(uri, out var protocol);
        var port = uri.Port == 0 ? protocol.DefaultPort() : uri.Port;
        return [.. addresses.Distinct().Take(MaxPlaces).Select(address => new IPEndPoint(address, port))];
    }

    /// <summary>
    /// The way to the first of the places that a listener of ours reaches; null when there is none. Nothing is opened to the others
    /// before they are needed.
    /// </summary>
    /// <param name="stack">Has the listeners.</param>
    /// <param name="uri">The URI; over TLS its host is the name that must be there (RFC 5922 §7.3).</param>
    /// <param name="places">Where it leads.</param>
    /// <param name="tls">What is special over TLS, or null.</param>
    public static FoundWay? Choose(SipStack stack, SipUri uri, IReadOnlyList<IPEndPoint> places, TlsClientOptions? tls = null)
    {
        if (!TryGetProtocol(uri, out var protocol))
            return null;
        var peer = protocol.IsSecure() ? new TlsPeer(uri.Host, tls) : null;
        for (var i = 0; i < places.Count; i++)
        {
            if (stack.TryGetFlow(protocol, places[i], peer) is { } flow)
                return new FoundWay(flow, [.. places.Skip(i + 1)], peer);
        }

        return null;
    }

    /// <summary>The way to a URI, or null when there is none.</summary>
    public static async ValueTask<FoundWay?> FindAsync(SipStack stack, HostNames hosts, SipUri uri, CancellationToken cancellationToken) =>
        Choose(stack, uri, PlacesOf(uri, await hosts.FindAllAsync(uri.Host, cancellationToken).ConfigureAwait(false)));
}
