using System.Net;
using System.Text;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Registrar;
using Atm0s.Sip.Trunks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// Where a URI leads that the called side has named (RFC 3261 §8.1.3.4, RFC 3263 §4): to the phones of one of our users, or to a place of
/// its own, as far as who named it may send us there. Any thread.
/// </summary>
internal sealed class TargetResolver(
    SipStack stack,
    RegistrarService registrar,
    TrunkDirectory trunks,
    OwnDomains domains,
    OwnListeners listeners,
    UserTargets users,
    HostNames hosts)
{
    /// <summary>Finds the targets; empty when it leads nowhere, or to a place where it must not.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="from">Who has named it.</param>
    /// <param name="trunk">Where the trunk is that carries the call, or null.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public async ValueTask<IReadOnlyList<OutboundTarget>> FindAsync(
        string uri, OutboundTarget from, TrunkSources? trunk, CancellationToken cancellationToken)
    {
        var found = await LookUpAsync(uri, from, trunk, cancellationToken).ConfigureAwait(true);
        // RFC 3261 §8.1.3.4: From and To stay what they were.
        return [.. found.Select(target => target with { ToUri = from.ToUri, FromHost = from.FromHost })];
    }

    /// <summary>
    /// Whether somebody may send us to a place, by a 3xx or a REFER. Else he could place calls on the bill of a trunk that knows us by our
    /// address, reach into our network from outside, or let us call ourselves in a circle.
    /// </summary>
    /// <param name="from">The way to him.</param>
    /// <param name="to">The place.</param>
    /// <param name="trunk">Where the trunk is that carries the call with him, or null.</param>
    public bool MayLead(SipFlow from, IPEndPoint to, TrunkSources? trunk)
    {
        var source = from.RemoteEndPoint.Address;
        return !listeners.Contains(to)
            && AddressReaches.ReachOf(to.Address) is not AddressReach.None and var reach
            && (reach >= AddressReaches.ReachOf(source) || to.Address.Equals(source))
            && (to.Address.Equals(source) || trunk?.Contains(to.Address) == true || !trunks.IsOfAny(to.Address));
    }

    private async ValueTask<IReadOnlyList<OutboundTarget>> LookUpAsync(
        string uri, OutboundTarget from, TrunkSources? trunk, CancellationToken cancellationToken)
    {
        if (!SipUri.TryParse(uri, out var parsed))
            return [];
        // RFC 3261 §8.1.3.4: what was to go over TLS on each hop is not led away from that.
        if (UriTransport.IsSips(Encoding.UTF8.GetBytes(from.RequestUri)) && parsed.Scheme != SipUriScheme.Sips)
            return [];
        // A phone of ours may be behind a NAT, or a browser: it is reached the way it has registered, wherever its contact points.
        if (registrar.FindContact(uri) is { } binding)
            return [users.Of(binding, null)];
        if (UriTransport.ProblemOf(Encoding.UTF8.GetBytes(uri), stack.Spoken) is not null)
            return [];
        if (IsHere(parsed, ProtocolOf(uri), from.Flow))
        {
            if (users.Find(SipNumbers.Of(Encoding.UTF8.GetBytes(uri)), RingOrder.AllAtOnce, null) is [var phones, ..])
                return phones;
            // Where every name leads here this one may lead elsewhere, too.
            if (domains.AreToldApart)
                return [];
        }

        var addresses = await hosts.FindAllAsync(parsed.Host, cancellationToken).ConfigureAwait(true);
        var places = FlowResolver.PlacesOf(parsed, addresses).Where(place => MayLead(from.Flow, place, trunk)).ToList();
        if (FlowResolver.Choose(stack, parsed, places) is not { } way)
            return [];
        // They are for the server that they were given for, and for no other that it names.
        var isThatServer = places.TrueForAll(place =>
            place.Address.Equals(from.Flow.RemoteEndPoint.Address) || trunk?.Contains(place.Address) == true);
        return
        [
            new OutboundTarget(way.Flow, uri, from.ToUri, from.FromHost)
            {
                OtherPlaces = way.Others,
                Peer = way.Peer,
                Credentials = isThatServer ? from.Credentials : null,
            },
        ];
    }

    private static SipTransportProtocol ProtocolOf(string uri) =>
        SipUriView.TryParse(Encoding.UTF8.GetBytes(uri), out var view) && UriTransport.TryRead(view, out var protocol)
            ? protocol
            : SipTransportProtocol.Udp;

    // A name may lead to us under another port, too: then it is somebody else.
    private bool IsHere(SipUri uri, SipTransportProtocol protocol, SipFlow flow)
    {
        if (IPAddress.TryParse(uri.Host, out var literal))
            return listeners.Contains(new IPEndPoint(literal, uri.Port == 0 ? protocol.DefaultPort() : uri.Port));
        return (uri.Port == 0 || listeners.HasPort(uri.Port)) && domains.IsOurs(Encoding.UTF8.GetBytes(uri.Host), flow);
    }
}
