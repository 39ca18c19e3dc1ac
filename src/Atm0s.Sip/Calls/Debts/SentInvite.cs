using System.Diagnostics;
using System.Text;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Debts;

/// <summary>
/// An INVITE of ours that makes a dialog (RFC 3261 §13.2): owed is its CANCEL while nothing final has come, and the ACK of every 2xx, also
/// one that comes too late or from a further branch of a fork, which then gets a BYE (§13.2.2.4). Ringing -> Answered | Unwanted -> Over.
/// </summary>
internal sealed class SentInvite : WireDebt, IClientExchangeUser
{
    private const int MaxEarlyDialogs = 16;
    private const int MaxOpenPracks = 8;

    private readonly Call _call;
    private readonly OutboundTarget _target;
    private readonly OutgoingInvite _invite;
    private readonly ISentInviteUser _user;
    private readonly ClientAcks _acks = new();
    private readonly Dictionary<string, SipFlow> _ackFlows = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, CallDialog> _early = new(StringComparer.OrdinalIgnoreCase);
    private readonly SessionTimer _timer;
    private SessionTimerRequest _asked;
    private ClientExchange? _exchange;
    private State _state;
    private string? _cancelReason;
    private Activity? _span;

    /// <param name="call">The call.</param>
    /// <param name="target">Whom it goes to.</param>
    /// <param name="invite">The message.</param>
    /// <param name="user">Is told what comes of it.</param>
    public SentInvite(Call call, OutboundTarget target, OutgoingInvite invite, ISentInviteUser user)
    {
        _call = call;
        _target = target;
        _invite = invite;
        _user = user;
        _timer = SessionRefresh.NewTimer(call.Services.Options.Calls);
    }

    private enum State : byte
    {
        Ringing,
        Answered,
        Unwanted,   // cancelled, or about to be
        Over,
    }

    public OutboundTarget Target => _target;

    /// <summary>Whether it waits for an answer that is wanted.</summary>
    public bool IsRinging => _state == State.Ringing;

    /// <summary>The message, for its next attempt.</summary>
    public OutgoingInvite Message => _invite;

    /// <summary>Sends it, or sends it again with what the last response has asked for.</summary>
    public void Send()
    {
        _span ??= _call.Trace?.BeginInvite(_invite.Flow);
        _asked = _timer.NextRequest();
        var (branch, message) = _invite.Write(_asked);
        _exchange = _call.Shard.Send(_invite.Flow, SipMethod.Invite, branch, message, this);
    }

    /// <summary>It is not wanted any more: CANCEL, as soon as that is allowed (RFC 3261 §9.1).</summary>
    /// <param name="reason">Value of Reason (RFC 3326).</param>
    public void Cancel(string reason)
    {
        if (_state != State.Ringing)
            return;
        _state = State.Unwanted;
        _cancelReason = reason;
        CloseEarly(null);
        if (_exchange is null)
            Finish();
        else
            TryCancel();
    }

    public override void Settle(CallEnd why) => Cancel(why.CancelReason);

    public override void Abandon()
    {
        CloseEarly(null);
        EndSpan(0);
    }

    void IClientExchangeUser.OnResponse(SipShard shard, ClientExchange exchange, SipMessage response)
    {
        if (!ReferenceEquals(exchange, _exchange))
            return;
        _invite.Follow(exchange.Flow);
        _call.Guard(() => OnResponse(response));
    }

    // RFC 3261 §8.1.3.1: a time-out counts as 408, a transport error as 503.
    void IClientExchangeUser.OnTimeout(SipShard shard, ClientExchange exchange) => _call.Guard(() => OnFailed(408, null));

    void IClientExchangeUser.OnTransportError(SipShard shard, ClientExchange exchange) => _call.Guard(() =>
    {
        if (_state == State.Ringing && _invite.TryFallBack())
            SendAgain();
        else
            OnFailed(503, null);
    });

    private static string ToTagOf(SipMessage response) => Encoding.UTF8.GetString(response.ToTag);

    private void OnResponse(SipMessage response)
    {
        switch (response.StatusCode)
        {
            case < 200:
                OnProvisional(response);
                break;
            case < 300:
                OnSuccess(response);
                break;
            case 401 or 407 when _state == State.Ringing && _invite.TryAuthenticate(response):
                // RFC 3261 §22.2: the same request again, with credentials.
                SendAgain();
                break;
            case 422 when _state == State.Ringing && _timer.OnTooSmall(response):
                // RFC 4028 §7.3: the same request again, with a longer interval.
                SendAgain();
                break;
            default:
                OnFailed(response.StatusCode, response);
                break;
        }
    }

    private void OnProvisional(SipMessage response)
    {
        if (_state == State.Unwanted)
            TryCancel();
        else if (_state == State.Ringing && response.StatusCode > 100)
            OnRinging(EarlyDialogOf(response), response);
    }

    private void OnRinging(CallDialog? dialog, SipMessage response)
    {
        var verdict = ReliableVerdict.Unreliable;
        string? rack = null;
        // One that is not acknowledged is repeated: nothing is lost, and whoever sends thousands gets no thousand PRACKs.
        if (dialog is { OpenPracks: MaxOpenPracks })
            return;
        if (dialog is not null)
            verdict = dialog.Reliable.OnProvisional(response, out rack);
        // RFC 3262 §4: a repetition, or one whose predecessor is still on the way.
        if (verdict == ReliableVerdict.Drop)
            return;
        _user.OnProvisional(this, dialog, response, verdict == ReliableVerdict.Acknowledge);
        if (rack is null || _state != State.Ringing)
            return;
        dialog!.OpenPracks++;
        SentRequest.Send(dialog, SipMethod.Prack, (_, _) => dialog.OpenPracks--, [(SipHeaderId.RAck, rack)]);
    }

    private void SendAgain()
    {
        CloseEarly(null);
        _early.Clear();
        // RFC 3261 §8.1.3.5
        _invite.Builder.CSeq++;
        Send();
    }

    private void OnFailed(int status, SipMessage? response)
    {
        var isNews = _state == State.Ringing;
        CloseEarly(null);
        EndSpan(status);
        Finish();
        if (isNews)
            _user.OnFailed(this, status, response);
    }

    private void OnSuccess(SipMessage response)
    {
        // RFC 3261 §13.2.2.4: every 2xx is acknowledged, also one that is repeated.
        if (_acks.TryGet(response, out var ack))
        {
            _call.Services.Stack.TrySend(_ackFlows.GetValueOrDefault(ToTagOf(response), _invite.Flow), ack.Span);
            return;
        }

        if (!_acks.HasRoom || DialogOf(response) is not { } dialog)
            return;
        Acknowledge(dialog, response);
        EndSpan(response.StatusCode);
        if (_state != State.Ringing)
        {
            // It crossed our CANCEL, or came from a further phone.
            dialog.Confirm(null, new CallEnd(Hooks.CallEndCause.LocalHangup, 0, "answered elsewhere, or not wanted any more"));
            Finish();
            return;
        }

        _state = State.Answered;
        _call.Trace?.OnAccepted();
        _call.Trace?.OnAcknowledged();
        CloseEarly(dialog);
        dialog.Guard.OnOwnRequestEnded(SipMethod.Invite, isSuccess: true);
        _timer.OnAccepted(_asked, response, _call.Shard.Now);
        _timer.OnEstablished();
        dialog.OnAnswered(_timer);
        dialog.Confirm(null);
        Done();
        _user.OnAnswered(this, dialog, response);
    }

    private CallDialog? EarlyDialogOf(SipMessage response)
    {
        if (response.ToTag.IsEmpty)
            return null;
        var tag = ToTagOf(response);
        if (_early.TryGetValue(tag, out var known))
            return known;
        if (_early.Count == MaxEarlyDialogs || NewDialog(response) is not { } dialog)
            return null;
        _early.Add(tag, dialog);
        return dialog;
    }

    private CallDialog? DialogOf(SipMessage response)
    {
        if (!_early.Remove(ToTagOf(response), out var early))
            return NewDialog(response);
        // RFC 3261 §13.2.2.4: route set and target are those of the 2xx.
        early.Sip.Confirm(response);
        // One that was given up goes on where it stood: a PRACK has used numbers (§12.2.1.1).
        return early.IsClosed ? Open(early.Sip) : early;
    }

    private CallDialog? NewDialog(SipMessage response) =>
        SipDialog.FromUac(_invite.Builder, response) is { } sip ? Open(sip) : null;

    private CallDialog Open(SipDialog sip)
    {
        var dialog = new CallDialog(_call, sip, _invite.Flow, isByContact: !_target.IsRegistered)
        {
            Username = _target.Username,
            Credentials = _target.Credentials,
        };
        dialog.Guard.OnOwnRequest(SipMethod.Invite, hasOffer: true);
        return dialog;
    }

    private void Acknowledge(CallDialog dialog, SipMessage response)
    {
        var flow = dialog.Flow;
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        dialog.Sip.BeginAck(ref writer, response.CSeqNumber, flow.NewVia(_call.Services.Stack.Ids.NewBranch()));
        _invite.WriteCredentials(writer);
        writer.End();
        var ack = buffer.WrittenSpan.ToArray();
        _acks.TryAdd(response, ack);
        _ackFlows[ToTagOf(response)] = flow;
        _call.Services.Stack.TrySend(flow, ack);
    }

    private void TryCancel() => _exchange?.TryCancel(null, _cancelReason);

    private void CloseEarly(CallDialog? except)
    {
        foreach (var dialog in _early.Values)
        {
            if (!ReferenceEquals(dialog, except))
                dialog.Close();
        }
    }

    private void EndSpan(int status)
    {
        if (_span is { } span)
            _call.Trace!.EndInvite(span, status);
        _span = null;
    }

    private void Finish()
    {
        EndSpan(0);
        if (_state != State.Answered)
            _state = State.Over;
        Done();
    }
}
