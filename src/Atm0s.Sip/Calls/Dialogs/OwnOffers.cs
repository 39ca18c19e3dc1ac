using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// What we ask for inside a confirmed dialog: another direction of the audio, or that the session goes on. One request at a time, and none
/// while the other side has one open (RFC 3261 §14.1): Idle -> Sent -> Idle, or after a 491 Sent -> Waiting -> Sent. An offer is made anew
/// from what is wanted now, never from what was wanted then.
/// </summary>
internal sealed class OwnOffers
{
    private const int MaxRetries = 10;

    private readonly CallDialog _dialog;
    private readonly Call _call;
    private CallTimer? _backOff;
    private List<Action<CallCommandResult>> _asked = [];
    private List<Action<CallCommandResult>> _running = [];
    private bool _isOfferWanted;
    private bool _isRefreshWanted;
    private State _state;
    private int _retries;

    public OwnOffers(CallDialog dialog)
    {
        _dialog = dialog;
        _call = dialog.Call;
    }

    private enum State : byte
    {
        Idle,
        Sent,
        Waiting,
    }

    private SessionTimer Timer => _dialog.Session!.Timer;

    /// <summary>Tells the other side what we want of the audio now.</summary>
    /// <param name="onAnswered">Gets Done when it has agreed, NotPossible when it has not, Ended when the call ends before.</param>
    public void Renegotiate(Action<CallCommandResult> onAnswered)
    {
        _asked.Add(onAnswered);
        _isOfferWanted = true;
        Pump();
    }

    /// <summary>Shows that the call is still up (RFC 4028 §7.4).</summary>
    public void Refresh()
    {
        _isRefreshWanted = true;
        Pump();
    }

    /// <summary>Sends what waits, when nothing is in the way any more.</summary>
    public void Pump()
    {
        if (_state != State.Idle || _call.HasEnded || !(_isOfferWanted || _isRefreshWanted) || _dialog.IsUnconfirmed)
            return;
        var method = _isOfferWanted ? SipMethod.Invite : Timer.RefreshMethod;
        var hasOffer = method == SipMethod.Invite;
        if (!_dialog.Guard.CanSend(method, hasOffer) || (hasOffer && _call.Audio!.IsNegotiating))
            return;
        _state = State.Sent;
        if (hasOffer)
        {
            _running.AddRange(_asked);
            _asked = [];
            _isOfferWanted = false;
        }

        // Either one refreshes the session.
        _isRefreshWanted = false;
        _dialog.Guard.OnOwnRequest(method, hasOffer);
        var request = Timer.NextRequest();
        if (hasOffer)
            SendInvite(request);
        else
            SendUpdate(request);
    }

    /// <summary>The call has ended.</summary>
    public void Close()
    {
        _backOff?.Cancel();
        _running.AddRange(_asked);
        Complete(CallCommandResult.Ended);
    }

    private void SendInvite(SessionTimerRequest request)
    {
        var invite = new SentReInvite(
            _dialog, _call.Audio!.CreateOffer(), request, (status, response) => OnFinal(SipMethod.Invite, request, status, response));
        _call.Debts.Add(invite);
        invite.Send();
    }

    private void SendUpdate(SessionTimerRequest request) => SentRequest.Send(
        _dialog,
        SipMethod.Update,
        (status, response) => OnFinal(SipMethod.Update, request, status, response),
        SessionRefresh.HeadersOf(request));

    private void OnFinal(SipMethod method, SessionTimerRequest request, int status, SipMessage? response)
    {
        if (_call.HasEnded)
            return;
        var isSuccess = status is >= 200 and < 300;
        _dialog.Guard.OnOwnRequestEnded(method, isSuccess);
        if (isSuccess)
            OnAccepted(method, request, response!);
        else
            OnRejected(method, status, response);
        _dialog.Session?.Arm();
    }

    private void OnAccepted(SipMethod method, SessionTimerRequest request, SipMessage response)
    {
        if (method == SipMethod.Invite && TakeAnswer(response) is { } why)
        {
            // RFC 3261 §14.1: who answers with what can't be used has a session that we do not know.
            _call.End(new CallEnd(why.Cause, 488, $"the answer can't be used: {why.Reason}"));
            return;
        }

        if (method == SipMethod.Update)
            _dialog.RefreshTarget(response);
        Timer.OnAccepted(request, response, _call.Shard.Now);
        _retries = 0;
        Complete(CallCommandResult.Done);
        _call.OnSessionChanged();
        OnWaited();
    }

    private CallRefusal? TakeAnswer(SipMessage response) => SdpBody.TryFind(response, out var answer) == SdpBodyResult.Found
        ? _call.TryAcceptAnswer(answer)
        : CallRefusal.NoAnswer;

    private void OnRejected(SipMethod method, int status, SipMessage? response)
    {
        if (method == SipMethod.Invite)
            _call.Audio!.RollBack();
        // RFC 3261 §8.1.3.1: a connection that breaks counts as 503, which ends no dialog: the next request opens another.
        var isLost = status == 503 && response is null;
        var failure = isLost ? RefreshFailure.Keep : Timer.OnRejected(method, response, _call.Shard.Now);
        var isTired = failure is RefreshFailure.Retry or RefreshFailure.RetryLater && ++_retries > MaxRetries;
        if (isTired)
            failure = RefreshFailure.Keep;
        if (isLost || isTired)
            RefreshLater();
        switch (failure)
        {
            case RefreshFailure.End:
                // RFC 3261 §12.2.1.2: 481, 408 and no answer at all end the dialog.
                _call.End(new CallEnd(CallEndCause.Gone, status, "the phone knows of no such call any more, or does not respond"));
                break;
            case RefreshFailure.Retry:
                Again(method);
                OnWaited();
                break;
            case RefreshFailure.RetryLater:
                Again(method);
                _state = State.Waiting;
                _backOff ??= _call.NewTimer(OnWaited);
                _backOff.Set(OfferGuard.BackOff(_dialog.Sip.OwnsCallId, _call.Services.Stack.Ids));
                break;
            default:
                _retries = 0;
                Complete(CallCommandResult.NotPossible);
                OnWaited();
                break;
        }
    }

    // RFC 4028 §10: the session goes on until it expires.
    private void RefreshLater()
    {
        var now = _call.Shard.Now;
        if (Timer.IsRefresher && Timer.NextDeadline is { } end)
            Timer.RefreshAt(now + ((end - now) / 2));
    }

    private void Again(SipMethod method)
    {
        _isOfferWanted |= method == SipMethod.Invite && _running.Count > 0;
        _isRefreshWanted = true;
    }

    private void OnWaited()
    {
        _state = State.Idle;
        Pump();
    }

    private void Complete(CallCommandResult result)
    {
        var running = _running;
        _running = [];
        foreach (var onAnswered in running)
            onAnswered(result);
    }
}
