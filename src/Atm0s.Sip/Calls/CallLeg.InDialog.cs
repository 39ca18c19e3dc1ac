using System.Text;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Server;

namespace Atm0s.Sip.Calls;

/// <content>What happens inside the dialog once it exists, for both kinds of leg.</content>
internal abstract partial class CallLeg : IDialogUser
{
    // A re-INVITE of the phone is answered at once, so only its 2xx can be pending: repeated until its ACK comes.
    private AcceptedInvite? _reInvite;

    // Or it waits for the address of a host that it names.
    private LocatedReInvite? _located;

    void IDialogUser.OnRequest(SipShard shard, SipFlow flow, SipMessage request) => Guard(() => OnRequest(flow, request));

    private void OnRequest(SipFlow flow, SipMessage request)
    {
        if (request.Method == SipMethod.Ack)
        {
            Media?.Rtp.Confirm();
            _reInvite?.OnAck(request);
            OnAck(request);
            return;
        }

        switch (Dialog!.OnRequest(request))
        {
            case DialogRequestResult.OutOfOrder:
                // RFC 3261 §12.2.2: a CSeq lower than the last one is answered 500.
                Respond(flow, request, 500, "CSeq out of order");
                return;
            case DialogRequestResult.NoDialog:
                Respond(flow, request, 481);
                return;
        }

        var verdict = UasInspection.InspectInDialog(request, Services.Stack.Capabilities);
        if (!verdict.IsOk)
        {
            Respond(flow, request, verdict);
            return;
        }

        switch (request.Method)
        {
            case SipMethod.Bye:
                // RFC 3261 §15.1.2
                Respond(flow, request, 200);
                End(CallEndCause.RemoteHangup, 0, "the phone hung up");
                break;
            case SipMethod.Invite:
                OnReInvite(flow, request);
                break;
            case SipMethod.Info:
                OnInfo(flow, request);
                break;
            case SipMethod.Options:
                Respond(flow, request, 200);
                break;
            default:
                // RFC 3261 §8.2.1
                Respond(flow, request, request.Method == SipMethod.Other ? 501 : 405);
                break;
        }
    }

    /// <summary>An ACK inside the dialog.</summary>
    protected abstract void OnAck(SipMessage ack);

    /// <summary>Sends BYE in a transaction of its own; the call does not wait for the answer.</summary>
    protected void SendBye(CallEndCause cause, string reason)
    {
        if (Dialog is not { } dialog)
            return;
        SendBye(dialog, ReasonOf(cause, reason));
    }

    /// <summary>Ends a dialog that is not, or not any more, the call's own.</summary>
    protected void SendBye(SipDialog dialog, string? reason) => Bye.Send(Services, Shard, dialog, FlowFor(dialog), reason, Credentials);

    /// <summary>What answers a challenge of the other side inside the dialog, or null.</summary>
    protected abstract SipCredentials? Credentials { get; }

    /// <summary>Where requests inside the dialog go.</summary>
    protected SipFlow FlowFor(SipDialog dialog) => _path.Find(dialog, _info.Username);

    /// <summary>
    /// Whether the first INVITE went to, or came from, somebody who only passes it on: the phone's audio comes from elsewhere.
    /// </summary>
    protected bool IsBehindProxy(SipDialog dialog) =>
        dialog.RouteCount > 0 || !FlowFor(dialog).RemoteEndPoint.Address.Equals(Flow.RemoteEndPoint.Address);

    private void OnReInvite(SipFlow flow, SipMessage request)
    {
        // RFC 3261 §14.2: an INVITE before the final response to the one before is refused.
        if (_located is { IsWaiting: true })
        {
            Respond(flow, request, 500, "another INVITE is not finished", retryAfter: 1 + (Math.Abs(request.CallIdHash) % 10));
            return;
        }

        // RFC 3261 §14.1, RFC 5407 §3.1.4: whoever sends the next has our 2xx to the one before; its ACK was overtaken, or is lost.
        _reInvite?.Cancel();
        OnNextInvite();
        if (Media is null)
        {
            Respond(flow, request, 488);
            return;
        }

        if (Shard.Accept(flow, request, null) is not { } exchange)
            return;
        if (SessionBody.TryRead(request, out var offer) is { } refusal)
            RefuseReInvite(exchange, request, refusal);
        else if (offer is null)
            OfferInReInvite(exchange, request);
        else if (offer.AudioHost is { } host)
            (_located = new LocatedReInvite(this, exchange, request, offer)).Start(Services.Hosts, Shard, host);
        else
            AnswerReInvite(exchange, request, offer);
    }

    private void OfferInReInvite(ServerExchange exchange, SipMessage request)
    {
        // RFC 3261 §14.2: 491 while an offer of ours is open.
        if (Media!.IsNegotiating)
            RefuseReInvite(exchange, request, CallRefusal.From(NegotiationFailure.OfferPending));
        else
            AcceptReInvite(exchange, request, Media.CreateOffer(), OnReInviteAnswer);
    }

    /// <summary>Answers the offer of a re-INVITE.</summary>
    internal void AnswerReInvite(ServerExchange exchange, SipMessage request, SessionDescription offer)
    {
        if (Media!.TryAnswer(offer, FlowOf(exchange, request), out var answer) is { } refusal)
            RefuseReInvite(exchange, request, refusal);
        else
            AcceptReInvite(exchange, request, answer!, null);
    }

    /// <summary>Refuses a re-INVITE: the session stays as it was (RFC 3261 §14.2).</summary>
    internal void RefuseReInvite(ServerExchange exchange, SipMessage request, CallRefusal why) =>
        exchange.Respond(
            why.Status,
            LegResponses.CreateRefusal(Services, request, why.Status, null, LocalTag, warning: why.WarningFrom(exchange.Flow.SentBy)));

    // Where the request itself came from; responses may go to another port (RFC 3261 §18.2.2).
    private static SipFlow FlowOf(ServerExchange exchange, SipMessage request) =>
        request.RemoteEndPoint is { } source && !source.Equals(exchange.Flow.RemoteEndPoint) ? exchange.Flow.To(source) : exchange.Flow;

    private void AcceptReInvite(ServerExchange exchange, SipMessage request, byte[] body, Action<SipMessage>? onAcknowledged)
    {
        Dialog!.RefreshTarget(request);
        var flow = FlowOf(exchange, request);
        _path.Refresh(flow, request);
        var response = CreateResponse(request, 200, null, body, flow: flow);
        _reInvite = new AcceptedInvite(Shard, exchange, response, request.CSeqNumber)
        {
            OnAcknowledged = onAcknowledged,
            OnGivenUp = () => Guard(() => Finish(CallEndCause.AckTimeout, 0, "the 200 of a re-INVITE was never acknowledged")),
        };
        _reInvite.Start();
    }

    /// <summary>Takes the answer to our offer; a host that it names is looked up meanwhile.</summary>
    protected CallRefusal? TryAcceptAnswer(ReadOnlySpan<byte> body)
    {
        var refusal = Media!.TryAcceptAnswer(body);
        // Who answers with a name can't be refused any more. Until the host is found nothing is sent, unless the phone's own audio shows
        // the way.
        if (refusal is null && Media.RemoteName is { } name)
        {
            Services.Hosts.Find(Shard, name, address => Guard(() =>
            {
                if (address is not null && !HasEnded)
                    Media.Locate(name, address);
            }));
        }

        return refusal;
    }

    /// <summary>
    /// The ACK of our 200 to an INVITE without offer: the answer to ours is in it (RFC 3261 §13.2.2.4), else there will be no audio, and no
    /// call.
    /// </summary>
    protected void OnDelayedAnswer(SipMessage ack)
    {
        var reason = SdpBody.TryFind(ack, out var answer) == SdpBodyResult.Found ? TryAcceptAnswer(answer)?.Reason : "it is not there";
        if (reason is not null)
            Finish(CallEndCause.MediaNegotiation, 0, $"the answer in the ACK can't be used: {reason}");
    }

    // Without an answer a session that runs goes on as it was.
    private void OnReInviteAnswer(SipMessage ack)
    {
        if (SdpBody.TryFind(ack, out _) != SdpBodyResult.Found)
            Media!.RollBack();
        else
            OnDelayedAnswer(ack);
    }

    /// <summary>The phone has sent another INVITE, so it has had our answer to the first.</summary>
    protected virtual void OnNextInvite()
    {
    }

    private void Respond(SipFlow flow, SipMessage request, UasVerdict verdict)
    {
        var explanation = (verdict.Header, Encoding.UTF8.GetString(verdict.Value.Span));
        Shard.Accept(flow, request, null)?.Respond(
            verdict.StatusCode,
            ServerResponses.Create(Services.Stack, request, verdict.StatusCode, toTag: LocalTag, headers: [explanation]));
    }

    private void Respond(SipFlow flow, SipMessage request, int status, string? reason = null, int? retryAfter = null) =>
        Shard.Accept(flow, request, null)?.Respond(status, CreateResponse(request, status, reason, default, retryAfter));

    /// <summary>Makes a response of this leg: tag, Contact, Allow and product where they belong.</summary>
    protected byte[] CreateResponse(
        SipMessage request,
        int status,
        string? reason = null,
        ReadOnlyMemory<byte> sdp = default,
        int? retryAfter = null,
        IReadOnlyList<KeyValuePair<string, string>>? headers = null,
        SipFlow? flow = null)
    {
        var user = Info.Direction == CallDirection.Incoming ? Info.To : Info.From;
        return LegResponses.Create(Services, flow ?? Flow, request, status, reason, LocalTag, user, sdp.Span, retryAfter, headers);
    }

    /// <summary>Our tag in this call.</summary>
    protected abstract string LocalTag { get; }

    // RFC 3326. Of a CANCEL: 200 says that the call was answered elsewhere, or is not wanted any more, and no phone lists it as missed.
    protected static string ReasonOf(CallEndCause cause, string reason, bool isCancel = false)
    {
        var code = cause switch
        {
            CallEndCause.MediaTimeout => 408,
            CallEndCause.AckTimeout => 408,
            CallEndCause.MediaNegotiation => 488,
            CallEndCause.Shutdown => 503,
            CallEndCause.NoAnswer => 408,
            CallEndCause.OthersLeft when isCancel => 487,
            _ => 200,
        };
        return $"SIP;cause={code};text=\"{reason.Replace('\\', '/').Replace('"', '\'')}\"";
    }
}
