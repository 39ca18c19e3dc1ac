using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// Keeps the offers of one dialog apart: one exchange at a time over both directions, whatever carries it (RFC 3261 §13.2.1, §14.1,
/// §14.2; RFC 3262 §5; RFC 3311 §5). An INVITE opens an exchange even without a body, for then its offer comes in a response.
/// </summary>
internal sealed class OfferGuard
{
    private Requests _own;
    private Requests _peer;
    private Side _offerer;
    private Side _requester;
    private SipMethod _carrier;

    private enum Side : byte
    {
        None,
        Own,
        Peer,
    }

    [Flags]
    private enum Requests : byte
    {
        None = 0,
        Invite = 1,
        Update = 2,
    }

    /// <summary>Whether an INVITE of ours has no final response yet.</summary>
    public bool IsOwnInvitePending => _own.HasFlag(Requests.Invite);

    /// <summary>Whether an INVITE of the peer has no final response from us yet.</summary>
    public bool IsPeerInvitePending => _peer.HasFlag(Requests.Invite);

    /// <summary>Whether an exchange is open: an offer without its answer, or an INVITE without its offer.</summary>
    public bool IsOpen => _offerer != Side.None;

    /// <summary>A request of the peer arrived within the dialog, or the INVITE that made it.</summary>
    /// <param name="method">INVITE, UPDATE or PRACK.</param>
    /// <param name="hasOffer">Whether it carries an offer.</param>
    /// <returns><see cref="OfferVerdict.Ok"/> makes it pending; otherwise refuse it as the verdict says.</returns>
    public OfferVerdict OnPeerRequest(SipMethod method, bool hasOffer)
    {
        var request = ToRequest(method);
        // RFC 3261 §14.2: a second INVITE before the final response to the first: 500. RFC 3311 §5.2: so with UPDATE.
        if ((_peer & request) != 0)
            return OfferVerdict.PeerPending;
        // RFC 3261 §14.2: an INVITE while one of ours is in progress: 491.
        if (method == SipMethod.Invite && IsOwnInvitePending)
            return OfferVerdict.OwnPending;
        if (!OpensExchange(method, hasOffer))
        {
            _peer |= request;
            return OfferVerdict.Ok;
        }

        // RFC 3311 §5.2: an offer while one of ours has no answer: 491; while one of the peer has none: 500.
        if (_offerer != Side.None)
            return _offerer == Side.Own ? OfferVerdict.OwnPending : OfferVerdict.PeerPending;
        _peer |= request;
        Open(Side.Peer, Side.Peer, method);
        return OfferVerdict.Ok;
    }

    /// <summary>We have sent the final response to a request of the peer that was Ok.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="isSuccess">Whether it was a 2xx.</param>
    public void OnPeerRequestEnded(SipMethod method, bool isSuccess)
    {
        _peer &= ~ToRequest(method);
        End(Side.Peer, method, isSuccess);
    }

    /// <summary>Whether we may send a request within the dialog now.</summary>
    /// <param name="method">INVITE, UPDATE or PRACK.</param>
    /// <param name="hasOffer">Whether it would carry an offer.</param>
    public bool CanSend(SipMethod method, bool hasOffer)
    {
        // RFC 3261 §14.1: no INVITE while one is in progress in either direction.
        if (method == SipMethod.Invite && (IsOwnInvitePending || IsPeerInvitePending))
            return false;
        // RFC 3311 §5.2: the peer refuses a second UPDATE before it has answered the first.
        if ((_own & ToRequest(method)) != 0)
            return false;
        return !IsOpen || !OpensExchange(method, hasOffer);
    }

    /// <summary>We send a request within the dialog, or the INVITE that makes it.</summary>
    /// <param name="method">INVITE, UPDATE or PRACK.</param>
    /// <param name="hasOffer">Whether it carries an offer.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanSend"/> is false.</exception>
    public void OnOwnRequest(SipMethod method, bool hasOffer)
    {
        if (!CanSend(method, hasOffer))
            throw new InvalidOperationException("Another offer is open within the dialog.");
        _own |= ToRequest(method);
        if (OpensExchange(method, hasOffer))
            Open(Side.Own, Side.Own, method);
    }

    /// <summary>Our request has its final response, has timed out or could not be sent.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="isSuccess">Whether it was a 2xx.</param>
    public void OnOwnRequestEnded(SipMethod method, bool isSuccess)
    {
        _own &= ~ToRequest(method);
        End(Side.Own, method, isSuccess);
    }

    /// <summary>
    /// The INVITE had no offer and we make it, in a reliable provisional response or the 2xx. Call it before the INVITE has ended.
    /// </summary>
    public void OnOwnOffer() => Open(Side.Own, Side.Peer, SipMethod.Invite);

    /// <summary>Our INVITE had no offer and the peer has made it. Call it before the INVITE has ended.</summary>
    public void OnPeerOffer() => Open(Side.Peer, Side.Own, SipMethod.Invite);

    /// <summary>
    /// The open offer has its answer before its request has ended, or behind its end: in a reliable provisional response (as UAS: when
    /// its PRACK has come, RFC 3311 §5.1), a PRACK or an ACK. The answer in a 2xx needs no call.
    /// </summary>
    public void OnAnswered() => _offerer = Side.None;

    /// <summary>RFC 3261 §14.1, RFC 3311 §5.3: how long to wait after a 491 before our request is tried again.</summary>
    /// <param name="ownsCallId"><see cref="SipDialog.OwnsCallId"/>.</param>
    /// <param name="ids">Source of randomness.</param>
    /// <returns>2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other side, in steps of 10 ms.</returns>
    public static TimeSpan BackOff(bool ownsCallId, ISipIdGenerator ids) =>
        TimeSpan.FromMilliseconds(ownsCallId ? 2100 + (10 * ids.Next(191)) : 10 * ids.Next(201));

    /// <summary>RFC 3261 §14.2, RFC 3311 §5.2: the Retry-After of a 500 for <see cref="OfferVerdict.PeerPending"/>.</summary>
    /// <param name="ids">Source of randomness.</param>
    /// <returns>0 to 10 seconds.</returns>
    public static int RetryAfterSeconds(ISipIdGenerator ids) => ids.Next(11);

    private static bool OpensExchange(SipMethod method, bool hasOffer) => hasOffer || method == SipMethod.Invite;

    private static Requests ToRequest(SipMethod method) => method switch
    {
        SipMethod.Invite => Requests.Invite,
        SipMethod.Update => Requests.Update,
        _ => Requests.None,
    };

    private void Open(Side offerer, Side requester, SipMethod carrier)
    {
        _offerer = offerer;
        _requester = requester;
        _carrier = carrier;
    }

    private void End(Side requester, SipMethod method, bool isSuccess)
    {
        if (_carrier != method || _requester != requester)
            return;
        // RFC 3261 §14.1, RFC 3311 §5.3: without a 2xx nothing changes, and the exchange is over. A 2xx holds the answer, unless it holds
        // the offer: that is answered by the ACK (RFC 3261 §13.2.1).
        if (!isSuccess || _offerer == requester)
            _offerer = Side.None;
    }
}
