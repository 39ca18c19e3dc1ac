using System.Net;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Defence;
using Atm0s.Sip.Registrar;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// Where the requests of a call's dialog go (RFC 3261 §8.1.2, §12.2.1.1): to the first route when there is one, else to the remote target,
/// the Contact as last refreshed. A peer whose Contact leads nowhere, because it is behind a NAT, is reached the way its last target
/// refresh came (RFC 5626 §5.3), or that of its registration since. A connection that is closed is opened anew (§18.1.1). On the call's
/// shard.
/// </summary>
internal sealed class DialogPath
{
    private readonly SipStack _stack;
    private readonly RegistrarService _registrar;
    private readonly LiveSources? _live;
    private readonly FollowedConnection? _followed;
    private SipFlow _flow;
    private bool _isByContact;
    private TimeSpan _refreshedAt;

    /// <param name="stack">Has the ways.</param>
    /// <param name="registrar">Knows where phones are.</param>
    /// <param name="flow">The way to the peer so far.</param>
    /// <param name="isByContact">Whether a Contact that differs from that way is to be believed.</param>
    /// <param name="live">Where the peer's source is told, or null when nobody vouches for it.</param>
    /// <param name="followed">Hears when the connection is gone that is the only way; null for nobody.</param>
    public DialogPath(SipStack stack, RegistrarService registrar, SipFlow flow, bool isByContact, LiveSources? live, FollowedConnection? followed = null)
    {
        _live = live;
        _followed = followed;
        _stack = stack;
        _registrar = registrar;
        _flow = flow;
        IsSecure = flow.IsSecure;
        _isByContact = isByContact;
        _refreshedAt = stack.Clock.Now;
        Hold(flow);
    }

    /// <summary>Who must be there when a connection is opened anew, over TLS; null when only the address is known.</summary>
    public TlsPeer? Peer { get; init; }

    /// <summary>Whether the call has begun over a secure way: then all of it stays on such.</summary>
    public bool IsSecure { get; }

    /// <summary>The peer has sent a target refresh request that is accepted (RFC 3261 §12.2.2): this is where it is now.</summary>
    public void Refresh(SipFlow flow, SipMessage request)
    {
        MoveTo(flow);
        _isByContact = IsByContact(flow, request);
        _refreshedAt = _stack.Clock.Now;
    }

    /// <summary>
    /// Whether the way to the peer is there. Where it is lost and the peer has shown another one since, that is the way from now on.
    /// </summary>
    public bool TryMove(SipDialog dialog, string? username)
    {
        if (!_flow.IsClosed)
            return true;
        var found = Find(dialog, username);
        if (found.IsClosed)
            return false;
        MoveTo(found);
        return true;
    }

    /// <summary>The way of the next request.</summary>
    /// <param name="dialog">The dialog, which may be that of another fork.</param>
    /// <param name="username">The registered user, or null.</param>
    public SipFlow Find(SipDialog dialog, string? username)
    {
        if (dialog.RouteCount > 0)
            return FlowTo(dialog.NextHop, null) ?? _flow;
        if (username is not null
            && _registrar.FindFlow(
                username, dialog.RemoteTarget, _refreshedAt, isLost: _flow.IsClosed, _flow.Protocol.IsWebSocket()) is { } registered
            && (registered.IsSecure || !IsSecure))
            return registered;
        // RFC 7118 appendix B.1: the host of such a Contact is invented, and a connection to it can't be opened.
        if (_flow.Protocol.IsWebSocket())
            return _flow;
        return _isByContact || _flow.IsClosed ? FlowTo(dialog.RemoteTarget, _flow) ?? _flow : _flow;
    }

    /// <summary>
    /// Whether the Contact of a request says where its sender is, or its sender is behind a NAT and it is better reached where the request
    /// came from.
    /// </summary>
    public static bool IsByContact(SipFlow flow, SipMessage request)
    {
        var source = flow.RemoteEndPoint;
        if (flow.Protocol.IsWebSocket() || !TryReadContact(request, out var contact) || contact.Equals(source))
            return false;
        if (AddressReaches.ReachOf(contact.Address) < AddressReaches.ReachOf(source.Address))
            return false;
        // Over several hops the sender is a proxy that does not stay in the way.
        var via = request.TopVia;
        if (CountVias(request) > 1)
            return true;
        if (!contact.Address.Equals(source.Address))
        {
            // It names itself in Via as in Contact, and comes from elsewhere: a NAT is between.
            return FlowAddresses.TryReadHost(via.Host, out var sentBy) && sentBy.Equals(source.Address);
        }

        // RFC 3581 §4: with rport the source port is the one to be answered at; over a connection there is no other.
        return !flow.IsReliable && !via.HasRport;
    }

    /// <summary>The call has ended: its connection need not be kept for it. Once.</summary>
    public void LetGo()
    {
        _followed?.Remove(_flow);
        _flow.Release();
        _live?.Remove(_flow.RemoteEndPoint.Address);
    }

    private void MoveTo(SipFlow flow)
    {
        Hold(flow);
        if (flow.Equals(_flow))
        {
            _flow.Release();
            _live?.Remove(_flow.RemoteEndPoint.Address);
        }
        else
            LetGo();
        _flow = flow;
    }

    private void Hold(SipFlow flow)
    {
        _followed?.Add(flow);
        flow.Hold();
        _live?.Add(flow.RemoteEndPoint.Address);
    }

    private SipFlow? FlowTo(ReadOnlySpan<byte> uri, SipFlow? known)
    {
        if (!FlowAddresses.TryGetLiteral(uri, out var protocol, out var endPoint)
            || endPoint!.Port == 0
            || AddressReaches.ReachOf(endPoint.Address) == AddressReach.None)
            return null;
        // What has begun over TLS never goes on in the clear, whatever the other side writes (RFC 3261 §26.2.2).
        if (IsSecure && !protocol.IsSecure())
        {
            if (known is not { IsClosed: true })
                return null;
        }

        if (known is null)
            return IsOverOurConnection(protocol, endPoint) ? _flow : _stack.TryGetFlow(protocol, endPoint, PeerOf(endPoint));
        if (AddressReaches.ReachOf(endPoint.Address) < AddressReaches.ReachOf(known.RemoteEndPoint.Address))
            return null;
        // Many a phone on TCP does not say so in its Contact.
        if (known.IsClosed)
            protocol = known.Protocol;
        if (protocol == SipTransportProtocol.Udp && known.Protocol == SipTransportProtocol.Udp)
            return known.To(endPoint);
        var isThere = known.Protocol == protocol && !known.IsClosed && known.RemoteEndPoint.Equals(endPoint);
        return isThere ? known : _stack.TryGetFlow(protocol, endPoint, PeerOf(endPoint));
    }

    // A proxy that has come over TLS is there: another connection to it would have to show a certificate for its address, and none has one.
    private bool IsOverOurConnection(SipTransportProtocol protocol, IPEndPoint endPoint) =>
        protocol == _flow.Protocol && protocol.IsSecure() && !_flow.IsClosed && _flow.Peer is null
        && endPoint.Address.Equals(_flow.RemoteEndPoint.Address);

    // The name that was shown on the first way stands for the same host only.
    private TlsPeer? PeerOf(IPEndPoint endPoint) =>
        endPoint.Address.Equals(_flow.RemoteEndPoint.Address) ? _flow.Peer ?? Peer ?? _flow.KnownPeer : Peer;

    private static bool TryReadContact(SipMessage request, out IPEndPoint contact)
    {
        contact = null!;
        foreach (var value in request.GetValues(SipHeaderId.Contact))
        {
            if (!NameAddressView.TryParse(value, out var address) || !FlowAddresses.TryGetLiteral(address.Uri, out _, out var endPoint))
                return false;
            contact = endPoint!;
            return true;
        }

        return false;
    }

    private static int CountVias(SipMessage request)
    {
        var count = 0;
        foreach (var _ in request.GetValues(SipHeaderId.Via))
            count++;
        return count;
    }
}
