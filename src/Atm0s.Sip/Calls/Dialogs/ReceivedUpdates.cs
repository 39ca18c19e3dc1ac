using System.Net;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// The UPDATEs and PRACKs of the other side that may carry an offer, in an early dialog or a confirmed one (RFC 3311 §5.2, RFC 3262 §5): answered at
/// once, or as soon as the host that the offer names is found.
/// </summary>
internal sealed class ReceivedUpdates(CallDialog dialog)
{
    private readonly Call _call = dialog.Call;

    public void OnUpdate(SipFlow flow, SipMessage request)
    {
        var timer = dialog.Session?.Timer.OnRequest(request) ?? default;
        if (timer.StatusCode != 0)
        {
            // RFC 4028 §9
            dialog.Respond(flow, request, timer.StatusCode, headers: SessionRefresh.HeadersOf(timer));
            return;
        }

        OnRequest(flow, request, timer);
    }

    /// <summary>A PRACK that acknowledges what it should.</summary>
    public void OnPrack(SipFlow flow, SipMessage request) => OnRequest(flow, request, default);

    private void OnRequest(SipFlow flow, SipMessage request, SessionTimerAnswer timer)
    {
        if (SessionBody.TryRead(request, out var offer) is { } unreadable)
        {
            Refuse(flow, request, unreadable);
            return;
        }

        if (!dialog.TryOpen(flow, request, offer is not null))
            return;
        if (offer is null)
            Accept(flow, request, timer, default);
        else if (_call.Audio is null)
            Refuse(flow, request, new CallRefusal(488, "the call has no audio yet"));
        else if (offer.AudioHost is { } host)
            Locate(flow, request, timer, offer, host);
        else
            Answer(flow, request, timer, offer);
    }

    private void Locate(SipFlow flow, SipMessage request, SessionTimerAnswer timer, SessionDescription offer, DnsEndPoint host)
    {
        var waiting = request.Clone();
        _call.Services.Hosts.Find(_call.Shard, host, address => _call.Guard(() =>
        {
            using (waiting)
            {
                if (_call.HasEnded)
                    dialog.Respond(flow, waiting, 487);
                else if (address is null)
                    Refuse(flow, waiting, CallRefusal.UnknownHost);
                else
                    Answer(flow, waiting, timer, offer.WithAddress(host.Host, address));
            }
        }));
    }

    private void Answer(SipFlow flow, SipMessage request, SessionTimerAnswer timer, SessionDescription offer)
    {
        _call.Audio!.Focus(dialog.RemoteTag);
        if (_call.Audio.TryAnswer(offer, flow, out var answer) is { } refusal)
            Refuse(flow, request, refusal);
        else
            Accept(flow, request, timer, answer);
    }

    private void Accept(SipFlow flow, SipMessage request, SessionTimerAnswer timer, ReadOnlyMemory<byte> sdp)
    {
        dialog.Refresh(request, flow);
        dialog.Respond(flow, request, 200, headers: SessionRefresh.HeadersOf(timer), sdp: sdp);
        if (request.Method == SipMethod.Update)
        {
            dialog.Session?.Timer.OnAnswered(timer, _call.Shard.Now);
            dialog.Session?.Arm();
        }

        End(request.Method, isSuccess: true);
        if (!sdp.IsEmpty)
            _call.OnSessionChanged();
    }

    private void Refuse(SipFlow flow, SipMessage request, CallRefusal why)
    {
        var warning = why.WarningFrom(flow.SentBy);
        dialog.Respond(flow, request, why.Status, headers: warning is null ? null : [(SipHeaderId.Warning, warning)]);
        End(request.Method, isSuccess: false);
    }

    private void End(SipMethod method, bool isSuccess)
    {
        dialog.Guard.OnPeerRequestEnded(method, isSuccess);
        dialog.Offers.Pump();
    }
}
