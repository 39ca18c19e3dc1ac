using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// The re-INVITEs of the other side (RFC 3261 §14.2): each is answered at once, or as soon as the host that its offer names is found. Idle
/// -> Locating -> Accepted, until the ACK -> Idle.
/// </summary>
internal sealed class ReceivedReInvites(CallDialog dialog)
{
    private readonly Call _call = dialog.Call;
    private OwedFinal? _locating;
    private IDisposable? _lookup;
    private OwedAck? _accepted;
    private SessionTimerAnswer _timer;

    /// <summary>Whether the 2xx to the last one still waits for its ACK.</summary>
    public bool IsUnconfirmed => _accepted is { IsWaiting: true };

    public void OnRequest(SipFlow flow, SipMessage request)
    {
        if (_call.Setup is null)
            _call.OnPeerHeard();
        var unreadable = SessionBody.TryRead(request, out var offer);
        if (!dialog.TryOpen(flow, request, hasOffer: offer is not null || unreadable is not null))
            return;
        // A 2xx with an offer of ours goes on until its ACK, for the answer is in that.
        dialog.Unconfirmed?.OnNextInvite();
        _accepted?.OnNextInvite();
        if (_call.Shard.Accept(flow, request, null) is not { } exchange)
        {
            dialog.Guard.OnPeerRequestEnded(SipMethod.Invite, isSuccess: false);
            return;
        }

        var owed = new OwedFinal(_call, exchange, request, OnGone);
        _call.Debts.Add(owed);
        _timer = dialog.Session?.Timer.OnRequest(request) ?? default;
        if (unreadable is not null)
            Refuse(owed, unreadable);
        else if (dialog.WouldLoseTarget(request, flow))
            Refuse(owed, CallRefusal.UnspokenContact);
        else if (_timer.StatusCode != 0)
            // RFC 4028 §9
            Refuse(owed, new CallRefusal(_timer.StatusCode, "the session interval is too small"), SessionRefresh.HeadersOf(_timer));
        else if (_call.Audio is not { } audio)
            Refuse(owed, new CallRefusal(488, "the call has no audio yet"));
        else if (offer?.AudioHost is { } host)
            Locate(owed, offer, host);
        else if (offer is not null)
            Answer(owed, offer);
        else
            Offer(owed, audio);
    }

    public void OnAck(SipMessage ack) => _accepted?.OnAck(ack);

    private void Offer(OwedFinal owed, CallAudio audio)
    {
        dialog.Guard.OnOwnOffer();
        Accept(owed, audio.CreateOffer()).OnAcknowledged = OnAnswered;
    }

    // Without an answer a session that runs goes on as it was.
    private void OnAnswered(SipMessage ack)
    {
        dialog.Guard.OnAnswered();
        if (SdpBody.TryFind(ack, out _) == SdpBodyResult.Found)
            _call.OnDelayedAnswer(ack);
        else
            _call.Audio!.RollBack();
        _call.OnSessionChanged();
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
        if (_locating is not { } owed)
            return;
        _locating = null;
        _lookup?.Dispose();
        owed.Refuse(why);
        End(isSuccess: false);
    }

    private void Answer(OwedFinal owed, SessionDescription offer)
    {
        if (_call.Audio!.TryAnswer(offer, owed.RequestFlow, out var answer) is { } refusal)
            Refuse(owed, refusal);
        else
            Accept(owed, answer!);
    }

    // RFC 3261 §14.2: the session stays as it was.
    private void Refuse(OwedFinal owed, CallRefusal why, IReadOnlyList<(SipHeaderId Id, string Value)>? headers = null)
    {
        owed.Refuse(CallEnd.From(why, owed.Exchange.Flow.SentBy) with { Cause = CallEndCause.MediaNegotiation }, headers);
        End(isSuccess: false);
    }

    private OwedAck Accept(OwedFinal owed, byte[] body)
    {
        dialog.Refresh(owed.Request, owed.RequestFlow);
        _accepted = owed.Accept(dialog, isFirst: false, body, headers: SessionRefresh.HeadersOf(_timer));
        dialog.Session?.Timer.OnAnswered(_timer, _call.Shard.Now);
        dialog.Session?.Arm();
        End(isSuccess: true);
        _call.OnSessionChanged();
        return _accepted;
    }

    private void End(bool isSuccess)
    {
        dialog.Guard.OnPeerRequestEnded(SipMethod.Invite, isSuccess);
        dialog.Offers.Pump();
    }
}
