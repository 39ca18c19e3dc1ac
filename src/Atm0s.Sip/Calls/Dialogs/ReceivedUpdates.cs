using System.Net;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// The UPDATEs and PRACKs of the other side that may carry an offer, in an early dialog or a confirmed one (RFC 3311 §5.2, RFC 3262 §5):
/// answered at once, or as soon as the host that the offer names is found.
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
        var unreadable = SessionBody.TryRead(request, out var offer);
        if (!dialog.TryOpen(flow, request, offer is not null || unreadable is not null))
            return;
        if (_call.Shard.Accept(flow, request, null) is not { } exchange)
        {
            End(request.Method, isSuccess: false);
            return;
        }

        var received = new Received(flow, request, exchange, timer);
        if (unreadable is not null)
            Refuse(received, unreadable);
        else if (dialog.WouldLoseTarget(request, flow))
            Refuse(received, CallRefusal.UnspokenContact);
        else if (offer is null)
            Accept(received, default);
        else if (_call.Audio is null)
            Refuse(received, new CallRefusal(488, "the call has no audio yet"));
        else if (offer.AudioHost is { } host)
            Locate(received, offer, host);
        else
            Answer(received, offer);
    }

    // RFC 8866 §5.7
    private void Locate(Received received, SessionDescription offer, DnsEndPoint host)
    {
        var owed = OwedResponse.Take(dialog, received.Flow, received.Request, exchange: received.Exchange)!;
        _call.Services.Hosts.Find(_call.Shard, host, address => _call.Guard(() =>
        {
            if (owed.IsPaid)
                return;
            received = received with { Request = owed.Request };
            if (dialog.IsClosed)
                // Another phone has taken the call meanwhile.
                Refuse(received, new CallRefusal(481, "the dialog is over"));
            else if (address is null)
                Refuse(received, CallRefusal.UnknownHost);
            else
                Answer(received, offer.WithAddress(host.Host, address));
            owed.Pay();
        }));
    }

    private void Answer(Received received, SessionDescription offer)
    {
        _call.Audio!.Focus(dialog.Fork);
        if (_call.Audio.TryAnswer(offer, received.Flow, out var answer) is { } refusal)
            Refuse(received, refusal);
        else
            Accept(received, answer);
    }

    private void Accept(Received received, ReadOnlyMemory<byte> sdp)
    {
        var (flow, request, exchange, timer) = received;
        dialog.Refresh(request, flow);
        dialog.Respond(flow, request, 200, headers: SessionRefresh.HeadersOf(timer), sdp: sdp, exchange: exchange);
        if (request.Method == SipMethod.Update)
        {
            dialog.Session?.Timer.OnAnswered(timer, _call.Shard.Now);
            dialog.Session?.Arm();
        }

        End(request.Method, isSuccess: true);
        if (!sdp.IsEmpty)
            _call.OnSessionChanged();
    }

    private void Refuse(Received received, CallRefusal why)
    {
        var warning = why.WarningFrom(received.Flow.SentBy);
        dialog.Respond(
            received.Flow,
            received.Request,
            why.Status,
            headers: warning is null ? null : [(SipHeaderId.Warning, warning)],
            exchange: received.Exchange);
        End(received.Request.Method, isSuccess: false);
    }

    private void End(SipMethod method, bool isSuccess)
    {
        dialog.Guard.OnPeerRequestEnded(method, isSuccess);
        dialog.Offers.Pump();
    }

    private readonly record struct Received(SipFlow Flow, SipMessage Request, ServerExchange Exchange, SessionTimerAnswer Timer);
}
