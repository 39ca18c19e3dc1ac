using System.Net;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// The re-INVITEs of the other side (RFC 3261 §14.2): each is answered at once, or as soon as the host that its offer names is found. Idle ->
/// Locating -> Accepted, until the ACK -> Idle.
/// </summary>
internal sealed class ReceivedReInvites(CallDialog dialog)
{
    private readonly Call _call = dialog.Call;
    private OwedFinal? _locating;
    private IDisposable? _lookup;
    private OwedAck? _accepted;

    public void OnRequest(SipFlow flow, SipMessage request)
    {
        // RFC 3261 §14.2: an INVITE before the final response to the one before is refused.
        if (_locating is not null || _call.Setup is not null)
        {
            dialog.Respond(flow, request, 500, "another INVITE is not finished", retryAfter: 1 + (Math.Abs(request.CallIdHash) % 10));
            return;
        }

        dialog.Unconfirmed?.OnNextInvite();
        _accepted?.OnNextInvite();
        _call.OnPeerHeard();
        if (_call.Audio is not { } audio)
        {
            dialog.Respond(flow, request, 488);
            return;
        }

        if (_call.Shard.Accept(flow, request, null) is not { } exchange)
            return;
        var owed = new OwedFinal(_call, exchange, request, OnGone);
        _call.Debts.Add(owed);
        if (SessionBody.TryRead(request, out var offer) is { } refusal)
            Refuse(owed, refusal);
        else if (offer?.AudioHost is { } host)
            Locate(owed, offer, host);
        else if (offer is not null)
            Answer(owed, offer);
        else if (audio.IsNegotiating)
            // RFC 3261 §14.2: 491 while an offer of ours is open.
            Refuse(owed, CallRefusal.From(NegotiationFailure.OfferPending));
        else
            Accept(owed, audio.CreateOffer()).OnAcknowledged = OnAnswered;
    }

    public void OnAck(SipMessage ack) => _accepted?.OnAck(ack);

    // Without an answer a session that runs goes on as it was.
    private void OnAnswered(SipMessage ack)
    {
        if (SdpBody.TryFind(ack, out _) == SdpBodyResult.Found)
            _call.OnDelayedAnswer(ack);
        else
            _call.Audio!.RollBack();
    }

    // RFC 8866 §5.7
    private void Locate(OwedFinal owed, SessionDescription offer, DnsEndPoint host)
    {
        _locating = owed;
        _lookup = _call.Services.Hosts.Find(_call.Shard, host, address => _call.Guard(() =>
        {
            if (!ReferenceEquals(_locating, owed))
                return;
            _locating = null;
            if (owed.IsPaid)
                return;
            if (address is null)
                Refuse(owed, CallRefusal.UnknownHost);
            else
                Answer(owed, offer.WithAddress(host.Host, address));
        }));
    }

    private void OnGone(CallEnd why)
    {
        _locating?.Refuse(why);
        _locating = null;
        _lookup?.Dispose();
    }

    private void Answer(OwedFinal owed, SessionDescription offer)
    {
        if (_call.Audio!.TryAnswer(offer, owed.RequestFlow, out var answer) is { } refusal)
            Refuse(owed, refusal);
        else
            Accept(owed, answer!);
    }

    // RFC 3261 §14.2: the session stays as it was.
    private static void Refuse(OwedFinal owed, CallRefusal why) =>
        owed.Refuse(CallEnd.From(why, owed.Exchange.Flow.SentBy) with { Cause = CallEndCause.MediaNegotiation });

    private OwedAck Accept(OwedFinal owed, byte[] body)
    {
        dialog.Refresh(owed.Request, owed.RequestFlow);
        _accepted = owed.Accept(dialog, isFirst: false, body);
        return _accepted;
    }
}
