using System.Text;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// One dialog of a call (RFC 3261 §12): gets the requests that arrive inside it, from its first response until its BYE is answered, and
/// knows where ours go. A call that rings several phones has one for each until one answers. On the call's shard only.
/// </summary>
internal sealed class CallDialog : IDialogUser
{
    private readonly SipFlow _first;
    private readonly DialogPath _path;
    private readonly RequestSources _sources;
    private readonly ReceivedReInvites _reInvites;
    private readonly ReceivedUpdates _updates;
    private readonly ConnectionLoss _loss;
    private readonly bool _isListed;    // unless another one has the same three parts
    private bool _hasLeft;
    private int _subscriptions;

    /// <param name="call">The call.</param>
    /// <param name="sip">Its state.</param>
    /// <param name="flow">The way of the INVITE.</param>
    /// <param name="isByContact">Whether a Contact that differs from that way is to be believed.</param>
    public CallDialog(Call call, SipDialog sip, SipFlow flow, bool isByContact)
    {
        Call = call;
        Sip = sip;
        Username = call.Info.Username;
        Credentials = call.Credentials;
        _first = flow;
        _path = new DialogPath(
            call.Services.Stack, call.Services.Registrar, flow, isByContact, call.IsVouchedFor ? call.Services.Live : null,
            new FollowedConnection(this))
        {
            Peer = call.Trunk?.Peer,
        };
        _loss = new ConnectionLoss(this);
        _sources = new RequestSources(this, flow, Take);
        _reInvites = new ReceivedReInvites(this);
        _updates = new ReceivedUpdates(this);
        Offers = new OwnOffers(this);
        _isListed = call.Shard.Dialogs.TryAdd(sip.Id, this);
    }

    public Call Call { get; }

    public SipDialog Sip { get; }

    /// <summary>Our 2xx to the INVITE that made the dialog; null when we made it, or while it is early.</summary>
    public OwedAck? Unconfirmed { get; private set; }

    /// <summary>What is owed for it once it is confirmed.</summary>
    public OpenDialog? Open { get; private set; }

    /// <summary>Keeps the offers of both sides apart.</summary>
    public OfferGuard Guard { get; } = new();

    /// <summary>What we ask for once it is confirmed.</summary>
    public OwnOffers Offers { get; }

    /// <summary>Its session timer; null before the answer.</summary>
    public SessionRefresh? Session { get; private set; }

    /// <summary>Our provisional responses that want a PRACK; null where we made the dialog, or the caller knows none.</summary>
    public ReliableRinging? Ringing { get; set; }

    /// <summary>Provisional responses of the other side that want a PRACK.</summary>
    public ReliableResponses Reliable { get; } = new();

    /// <summary>Tells it from the other dialogs of the call: both tags, for two phones that are rung may choose one.</summary>
    public string Fork => $"{LocalTag} {Encoding.UTF8.GetString(Sip.RemoteTag)}";

    /// <summary>Whether the other side knew of it before it was confirmed.</summary>
    public bool WasEarly { get; set; }

    /// <summary>The registered user at the other end, or null.</summary>
    public string? Username { get; init; }

    /// <summary>What answers the challenges that our requests meet, or null.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>
    /// Whether the answer to our INVITE came in a response that was acknowledged (RFC 3262 §5): then that of the 2xx is none.
    /// </summary>
    public bool HasEarlyAnswer { get; set; }

    /// <summary>PRACKs of ours that are not answered yet.</summary>
    public int OpenPracks { get; set; }

    /// <summary>Whether a 2xx of ours still waits for its ACK.</summary>
    public bool IsUnconfirmed => Unconfirmed is { IsWaiting: true } || _reInvites.IsUnconfirmed;

    /// <summary>Whether nothing belongs to it any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// Where the next request goes: back the way the INVITE came as long as nobody has been heard of there, whatever Contact and Record-Route
    /// say, for they may name a victim.
    /// </summary>
    public SipFlow Flow => Call.IsProven ? _path.Find(Sip, Username) : _first;

    /// <summary>
    /// Whether the first INVITE went to, or came from, somebody who only passes it on: the phone's audio comes from elsewhere.
    /// </summary>
    public bool IsBehindProxy => Sip.RouteCount > 0 || !_path.Find(Sip, Username).RemoteEndPoint.Address.Equals(_first.RemoteEndPoint.Address);

    private string LocalTag => Encoding.ASCII.GetString(Sip.LocalTag);

    /// <summary>The dialog is confirmed by a 2xx: its end is a BYE from now on.</summary>
    /// <param name="unconfirmed">The 2xx, when it is ours.</param>
    /// <param name="unwanted">Why it is to end at once, whatever becomes of the call; null when it is the call's.</param>
    public void Confirm(OwedAck? unconfirmed, CallEnd? unwanted = null)
    {
        Unconfirmed = unconfirmed;
        Sip.Confirm();
        Open = new OpenDialog(this);
        Call.Debts.Add(Open, unwanted);
    }

    /// <summary>The call is up: the session lasts as long as its timer says.</summary>
    public void OnAnswered(SessionTimer timer) => Session = new SessionRefresh(this, timer);

    /// <summary>The connection that it depends on is gone.</summary>
    public void OnConnectionLost() => _loss.OnLost();

    /// <summary>Whether the phone can be reached, if need be in a way that it has shown since.</summary>
    public bool TryFindNewWay() => _path.TryMove(Sip, Username);

    /// <summary>The call has ended: we ask for nothing any more.</summary>
    public void OnEnded()
    {
        Session?.Stop();
        _sources.Stop();
        _loss.Stop();
        Offers.Close();
        Ringing?.OnFinal();
    }

    /// <summary>The ACK of our 2xx has come, or will not come any more.</summary>
    public void OnConfirmed()
    {
        Open?.OnConfirmed();
        Offers.Pump();
    }

    /// <summary>The call needs it no more. It stays for the subscriptions that hold it (RFC 5057 §4.1).</summary>
    public void Close()
    {
        IsClosed = true;
        TryLeave();
    }

    /// <summary>A subscription begins in it: it outlives the call for that.</summary>
    public void Hold() => _subscriptions++;

    /// <summary>A subscription in it is over.</summary>
    public void Release()
    {
        _subscriptions--;
        TryLeave();
    }

    /// <summary>Begins a request within it: up to CSeq, and with our Contact where it refreshes the target (RFC 3261 §12.2.1.1).</summary>
    public void BeginRequest(ref SipWriter writer, SipMethod method, SipVia via, SipFlow flow)
    {
        Sip.BeginRequest(ref writer, method, via);
        // RFC 3515 §2.2, RFC 6665 §8.2: these need one too.
        if (SipDialog.IsTargetRefresh(method) || method is SipMethod.Refer or SipMethod.Notify)
            writer.Header(SipHeaderId.Contact, $"<{Call.ContactFor(flow)}>");
    }

    /// <summary>
    /// Whether the next request would have to go where nothing can be sent, if a request were accepted (RFC 3261 §12.2.2).
    /// </summary>
    public bool WouldLoseTarget(SipMessage request, SipFlow flow) =>
        SipDialog.IsTargetRefresh(request.Method)
        && Sip.RouteCount == 0
        && !UriTransport.CanReachContact(request, flow, Call.Services.Stack.Spoken);

    /// <summary>A target refresh request of the other side is accepted (RFC 3261 §12.2.2).</summary>
    public void Refresh(SipMessage request, SipFlow flow)
    {
        if (!SipDialog.IsTargetRefresh(request.Method))
            return;
        Sip.RefreshTarget(request);
        _path.Refresh(flow, request);
    }

    /// <summary>Takes the remote target over from a 2xx to a target refresh request of ours (RFC 3261 §12.2.1.2).</summary>
    public void RefreshTarget(SipMessage response) => Sip.RefreshTarget(response);

    /// <summary>
    /// A request that may carry an offer: false when another one is in the way, and it is refused (RFC 3261 §14.2, RFC 3311 §5.2).
    /// </summary>
    public bool TryOpen(SipFlow flow, SipMessage request, bool hasOffer)
    {
        switch (Guard.OnPeerRequest(request.Method, hasOffer))
        {
            case OfferVerdict.PeerPending:
                var seconds = OfferGuard.RetryAfterSeconds(Call.Services.Stack.Ids);
                Respond(flow, request, 500, "another offer is not answered", retryAfter: seconds);
                return false;
            case OfferVerdict.OwnPending:
                Respond(flow, request, 491);
                return false;
            default:
                return true;
        }
    }

    /// <summary>A PRACK has acknowledged what it should: an offer in it is answered, and so is ours by an answer (RFC 3262 §5).</summary>
    public void OnPrackTaken(SipFlow flow, SipMessage prack)
    {
        if (Call is { Setup: not null, Audio.IsNegotiating: true } && SdpBody.TryFind(prack, out var answer) == SdpBodyResult.Found)
        {
            Respond(flow, prack, 200);
            Guard.OnAnswered();
            if (Call.TryAcceptAnswer(answer) is { } why)
                Call.End(new CallEnd(CallEndCause.MediaNegotiation, 488, $"the answer in the PRACK can't be used: {why.Reason}"));
            return;
        }

        _updates.OnPrack(flow, prack);
    }

    /// <summary>Answers a request within it, other than INVITE, or refuses an INVITE.</summary>
    public void Respond(
        SipFlow flow,
        SipMessage request,
        int status,
        string? phrase = null,
        int? retryAfter = null,
        IReadOnlyList<KeyValuePair<string, string>>? extra = null,
        IReadOnlyList<(SipHeaderId Id, string Value)>? headers = null,
        ReadOnlyMemory<byte> sdp = default,
        ServerExchange? exchange = null)
    {
        using var response = PooledBufferWriter.Rent();
        ServerResponses.Write(
            response,
            Call.Services.Stack,
            request,
            status,
            phrase,
            LocalTag,
            // RFC 3311 §5.2
            contact: request.Method == SipMethod.Update && status < 300 ? Call.ContactFor(flow) : null,
            retryAfter: retryAfter,
            headers: headers,
            extra: extra,
            sdp: sdp.Span);
        if (exchange is not null)
            exchange.Respond(status, response.WrittenSpan.ToArray());
        else if (request.Method == SipMethod.Invite)
            // RFC 3261 §17.2.1: its refusal is repeated until the ACK.
            Call.Shard.Accept(flow, request, null)?.Respond(status, response.WrittenSpan.ToArray());
        else
            Call.Shard.Respond(flow, request, response.WrittenSpan);
    }

    void IDialogUser.OnRequest(SipShard shard, SipFlow flow, SipMessage request) => Call.Guard(() => OnRequest(flow, request));

    private void OnRequest(SipFlow flow, SipMessage request)
    {
        // RFC 3261 §26.2.2: a call that has begun over TLS is not ended, nor led elsewhere, by what comes in the clear.
        if (_path.IsSecure && !flow.IsSecure)
        {
            if (request.Method != SipMethod.Ack)
                Respond(flow, request, 403, "this call is over TLS");
            return;
        }

        if (request.Method == SipMethod.Ack)
        {
            OnAck(request);
            return;
        }

        // The call may go on with another phone: of this one nothing but the answer to our BYE is wanted.
        if ((Call.HasEnded || Open is { IsEnding: true }) && request.Method is not (SipMethod.Notify or SipMethod.Subscribe))
        {
            OnAfterEnd(flow, request);
            return;
        }

        if (!Call.HasEnded && !_sources.IsKnown(flow))
            _sources.Examine(flow, request);
        else
            Take(flow, request);
    }

    private void Take(SipFlow flow, SipMessage request)
    {
        switch (Sip.OnRequest(request))
        {
            case DialogRequestResult.OutOfOrder:
                // RFC 3261 §12.2.2: a CSeq lower than the last one is answered 500.
                Respond(flow, request, 500, "CSeq out of order");
                return;
            case DialogRequestResult.NoDialog:
                Respond(flow, request, 481);
                return;
        }

        var verdict = UasInspection.InspectInDialog(request, Call.Services.Stack.Capabilities);
        if (verdict.IsOk)
            Handle(flow, request);
        else
            Respond(
                flow, request, verdict.StatusCode, headers: [(verdict.Header, Encoding.UTF8.GetString(verdict.Value.Span))]);
    }

    private void Handle(SipFlow flow, SipMessage request)
    {
        switch (request.Method)
        {
            case SipMethod.Bye:
                // RFC 3261 §15.1.2
                Respond(flow, request, 200);
                Open?.OnRemoteBye();
                Call.OnRemoteBye(this, request);
                break;
            case SipMethod.Invite:
                _reInvites.OnRequest(flow, request);
                break;
            case SipMethod.Update:
                _updates.OnUpdate(flow, request);
                break;
            case SipMethod.Prack when Ringing is { } ringing:
                ringing.OnPrack(this, flow, request);
                break;
            case SipMethod.Prack:
                // RFC 3262 §3
                Respond(flow, request, 481);
                break;
            case SipMethod.Info:
                Call.Digits.OnInfo(this, flow, request);
                break;
            case SipMethod.Options:
                Respond(flow, request, 200);
                break;
            case SipMethod.Refer:
                Call.Transfers.OnRefer(this, flow, request);
                break;
            case SipMethod.Notify:
                Call.Transfers.OnNotify(this, flow, request);
                break;
            case SipMethod.Subscribe:
                Call.Transfers.OnSubscribe(this, flow, request);
                break;
            case SipMethod.Message when Call.Messages.AreTaken:
                Call.Messages.OnMessage(this, flow, request);
                break;
            default:
                // RFC 3261 §8.2.1
                Respond(flow, request, request.Method == SipMethod.Other ? 501 : 405);
                break;
        }
    }

    private void TryLeave()
    {
        if (!IsClosed || _subscriptions > 0 || _hasLeft)
            return;
        _hasLeft = true;
        if (_isListed)
            Call.Shard.Dialogs.Remove(Sip.Id);
        _path.LetGo();
    }

    private void OnAck(SipMessage ack)
    {
        Call.OnPeerHeard();
        Unconfirmed?.OnAck(ack);
        _reInvites.OnAck(ack);
    }

    // RFC 3261 §15.1.2: a BYE that crosses ours is answered all the same; anything else comes too late.
    private void OnAfterEnd(SipFlow flow, SipMessage request)
    {
        if (request.Method == SipMethod.Bye)
        {
            Open?.OnRemoteBye();
            Unconfirmed?.Settle(new CallEnd(CallEndCause.RemoteHangup, 0, "the phone hung up"));
        }

        Respond(flow, request, request.Method == SipMethod.Bye ? 200 : 481);
    }
}
