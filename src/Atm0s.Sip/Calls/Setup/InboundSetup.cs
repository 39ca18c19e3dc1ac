using System.Text;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Calls.Incoming;
using Atm0s.Sip.Calls.Records;
using Atm0s.Sip.Calls.Transfers;
using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls.Setup;

/// <summary>
/// A call from a phone whose credentials, if it needs some, are right: put to the host, then answered, rung or refused (RFC 3261 §13.3).
/// </summary>
internal sealed class InboundSetup : CallSetup
{
    private static readonly TimeSpan RingingInterval = TimeSpan.FromMinutes(1);

    private readonly Call _call;
    private readonly SipFlow _flow;
    private readonly ReceivedInvite _invite;
    private readonly OwedFinal _owed;
    private CallTimer? _wait;       // made when it waits, and rings
    private CallTimer? _ringing;
    private readonly SessionTimer _timer;
    private readonly SessionTimerAnswer _timerAnswer;
    private readonly ReliableRinging? _reliable;
    private readonly long _ticket;
    private HookQuestion<IInviteHandler, InviteDecision>? _question;
    private IDisposable? _lookup;
    private JudgedOffer? _judged;
    private ParticipantOptions _participant = ParticipantOptions.Default;
    private byte[]? _sdp;       // what the caller has been told early
    private bool _isTold;
    private bool _isAccepting;  // as soon as that is acknowledged

    /// <param name="call">The call.</param>
    /// <param name="flow">The way its INVITE came.</param>
    /// <param name="exchange">The transaction of the INVITE.</param>
    /// <param name="invite">What is known of it.</param>
    public InboundSetup(Call call, SipFlow flow, ServerExchange exchange, ReceivedInvite invite)
    {
        _call = call;
        _flow = flow;
        _invite = invite;
        _owed = new OwedFinal(call, exchange, invite.Message, call.End);
        call.Debts.Add(_owed);
        call.Record.Add(flow, invite.Message);
        call.Note(
            "source",
            (Peer: TracePeer.Of(flow), Caller: call.CallerAuthentication, call.Info),
            static s => $"INVITE from {s.Peer}, known by {ReceivedInvite.KnownBy(s.Caller, s.Info)}");
        _ticket = call.Services.Rings.Open();
        _timer = SessionRefresh.NewTimer(call.Services.Options.Calls);
        _timerAnswer = _timer.OnRequest(invite.Message);
        if (ReliableProvisionals.IsPossible(invite.Message))
            _reliable = new ReliableRinging(call, _owed, OnAcknowledged);
    }

    // RFC 8866 §5.7: a host may be named. Whether audio may go there is known when its address is; a name alone is no reason to trouble the
    // host.
    public override void Begin()
    {
        if (_timerAnswer.StatusCode != 0)
        {
            // RFC 4028 §9
            _owed.Refuse(new CallEnd(CallEndCause.Failed, 422, ""), SessionRefresh.HeadersOf(_timerAnswer));
            _call.End(new CallEnd(CallEndCause.Failed, 422, "the session interval is too small"));
            return;
        }

        if (_invite.Offer?.AudioHost is not { } host)
        {
            AskHost();
            return;
        }

        _lookup = _call.Services.Hosts.Find(_call.Shard, host, address => _call.Guard(() =>
        {
            if (address is null)
            {
                Refuse(CallRefusal.UnknownHost);
                return;
            }

            _invite.Locate(host.Host, address);
            AskHost();
        }));
    }

    public override CallCommandResult Answer()
    {
        if (!_call.Room.HasPlace)
            return CallCommandResult.NotPossible;
        Accept();
        return _call.HasEnded ? CallCommandResult.Ended : CallCommandResult.Done;
    }

    public override CallCommandResult Reject(InviteDecision.Rejection rejection)
    {
        _call.End(new CallEnd(
            CallEndCause.Rejected,
            rejection.StatusCode,
            rejection.ReasonPhrase ?? "refused by the host",
            rejection.ReasonPhrase));
        return CallCommandResult.Done;
    }

    public override void OnOthersChanged(RoomChange change)
    {
        if (change.OthersConnected > 0)
            Accept();
        else if (change is { Others: 0, Left: { } left })
            RefuseAs(left.Cause, left.Status);
    }

    public override void Close()
    {
        _call.Services.Rings.Close(_ticket);
        _lookup?.Dispose();
        _question?.Dispose();
        _wait?.Cancel();
        _ringing?.Cancel();
        _invite.Dispose();
    }

    private MediaEncryption Encryption => _call.Services.Media.Security.PolicyOf(_call.Trunk?.Options, _participant.Encryption);

    private void AskHost()
    {
        if (Replacement.IsFor(_invite.Message))
        {
            Replacement.Find(_call, _invite.Message, Replace);
            return;
        }

        if (_invite.Offer is { } offer && _call.Services.Media.Judge(offer, _flow, Encryption, out _judged) is { } unusable)
        {
            Refuse(unusable);
            return;
        }

        // Made here and not in the handler's thread: the message belongs to the shard.
        var request = _invite.ToRequest(_call.Info);
        _question = _call.Services.Hooks.Ask<IInviteHandler, InviteDecision>(
            _call.Shard,
            _call.Services.Options.HandlerTimeout,
            _call.Id,
            (handler, cancellation) => HopLimit.Deciding(_call.Hops, () => handler.HandleInviteAsync(request, cancellation)),
            (_, outcome) => _call.Guard(() => OnDecision(outcome)),
            (_, decision) => LateDecision.Settle(_call.Services, decision, _call.StartedAt),
            _call);
    }

    // RFC 3891 §3: the audio first, for what can't be answered leaves the other call as it was.
    private void Replace(Replacement place)
    {
        _participant = place.Participant;
        if (!TryMakeDialog() || !TryOpenAudio())
            return;
        _call.AloneLimit = _call.Services.Options.Calls.AloneTimeout.OrZero();
        place.Claim();
        Join(place.RoomId, _participant, place.EndsWithOthers, () =>
        {
            place.Seat();
            OnJoined();
            if (_call.State == CallState.Answered)
                place.TakeOver();
        });
    }

    private void OnDecision(HookOutcome<InviteDecision> outcome)
    {
        _call.Note("host", outcome, static o => $"{o.Status}: {o.Answer}");
        switch (outcome)
        {
            case { Status: HookStatus.Answered, Answer: InviteDecision.Join join }:
                // Who is to end with the others does not wait for them for ever.
                _call.AloneLimit = _call.Services.Options.Calls.WaitForOthersTimeout;
                Join(join.RoomId, join.Participant, join.EndWhenOthersLeave, OnJoined);
                break;
            case { Status: HookStatus.Answered, Answer: InviteDecision.Wait wait }:
                if (!TryMakeDialog())
                    break;
                _wait = _call.NewTimer(OnNobodyCame);
                _wait.Set(wait.Timeout ?? _call.Services.Options.Calls.WaitForOthersTimeout);
                Join(
                    wait.RoomId, wait.Participant, _call.Services.Options.Calls.EndWhenOthersLeave, () => OnWaiting(wait.EarlyMedia));
                break;
            case { Status: HookStatus.Answered, Answer: InviteDecision.Rejection rejection }:
                Reject(rejection);
                break;
            case { Status: HookStatus.Answered, Answer: InviteDecision.Redirection redirection }:
                Redirect(redirection);
                break;
            case { Status: HookStatus.TimedOut }:
                _call.End(new CallEnd(CallEndCause.HandlerFailed, 503, "the host took too long"));
                break;
            case { Status: HookStatus.Unavailable }:
                _call.End(new CallEnd(CallEndCause.HandlerFailed, 503, "the host can't find out"));
                break;
            default:
                _call.End(new CallEnd(CallEndCause.HandlerFailed, 500, "the host's handler failed"));
                break;
        }
    }

    private void Join(string roomId, ParticipantOptions participant, bool endsWithOthers, Action onJoined)
    {
        _participant = participant;
        _call.EndsWithOthers = endsWithOthers;
        _call.Join(roomId, participant, () =>
        {
            // Who was rung for this caller may have refused, or come and gone, before the host had decided.
            if (endsWithOthers && _call.Services.Rings.Find(_ticket, _call.Id, roomId) is { } ended && _call.Room.IsAlone)
                RefuseAs(ended.Cause, ended.Status);
            else
                onJoined();
        });
    }

    private void OnJoined()
    {
        _call.Events.Connecting();
        Accept();
    }

    private void OnWaiting(bool earlyMedia)
    {
        _call.Dialog!.WasEarly = true;
        // RFC 3262 §5: without an offer ours needs a response that is acknowledged, for the answer comes in the PRACK.
        if (earlyMedia && (_invite.Offer is not null || _reliable is not null) && !TryOpenAudio())
            return;
        if (_sdp is not null && _invite.Offer is null)
            _call.Dialog.Guard.OnOwnOffer();
        if (_sdp is not null)
            _call.StartAudio();
        SayRinging();
        _call.Events.Connecting();
        _call.ReportRinging();
    }

    // RFC 3261 §13.3.1.1: again each minute, or a proxy on the way takes the call for dead (§16.6, timer C).
    private void SayRinging()
    {
        var status = _sdp is null ? 180 : 183;
        if (_reliable is not null && (_sdp is not null || ReliableProvisionals.IsMandatory(_invite.Message)))
            _reliable.Ring(status, _participant.Headers, _isTold ? default : _sdp);
        else
            _owed.Ring(status, _participant.Headers, sdp: _sdp);
        _isTold = true;
        _ringing ??= _call.NewTimer(SayRinging);
        _ringing.Set(RingingInterval);
    }

    private void OnNobodyCame() => _call.End(new CallEnd(CallEndCause.NoAnswer, 480, "nobody else came to the room in time"));

    // RFC 3261 §8.3, §21.3.1: 300 when there is a choice, 302 when there is one place.
    private void Redirect(InviteDecision.Redirection redirection)
    {
        var status = redirection.Contacts.Count > 1 ? 300 : 302;
        _owed.Redirect(status, string.Join(", ", redirection.Contacts.Select(c => $"<{c}>")));
        _call.End(new CallEnd(CallEndCause.Redirected, status, "sent elsewhere by the host"));
    }

    // RFC 3261 §8.1.1.8, §12.1.1: an INVITE without a usable Contact makes no dialog.
    private bool TryMakeDialog()
    {
        if (SipDialog.FromUas(_invite.Message, Encoding.ASCII.GetBytes(_owed.Exchange.LocalTag)) is not { } dialog)
        {
            _call.End(new CallEnd(CallEndCause.Failed, 400, "Contact or Record-Route can't be used"));
            return false;
        }

        _call.Dialog = new CallDialog(_call, dialog, _flow, DialogPath.IsByContact(_flow, _invite.Message)) { Ringing = _reliable };
        _call.Dialog.Guard.OnPeerRequest(SipMethod.Invite, _invite.Offer is not null);
        return true;
    }

    private void Accept()
    {
        if (_call.Dialog is null && !TryMakeDialog())
            return;
        _isAccepting = true;
        _wait?.Cancel();
        _ringing?.Cancel();
        // RFC 3262 §3: not while a description that was sent reliably is not acknowledged.
        if (_reliable is { MustHoldSuccess: true } || (_sdp is null && !TryOpenAudio()))
            return;
        var dialog = _call.Dialog!;
        _reliable?.OnFinal();
        var isDelayed = _call.Audio!.IsNegotiating;
        // RFC 3262 §5: a description that is acknowledged is not given again, but for an offer that the PRACK has not answered.
        var isKnown = _reliable is not null && _isTold && _call.Audio.IsStarted && !isDelayed;
        var accepted = _owed.Accept(
            dialog, isFirst: true, isKnown ? default(ReadOnlyMemory<byte>)
                : _sdp, _participant.Headers, SessionRefresh.HeadersOf(_timerAnswer));
        _call.Trace?.OnAccepted();
        accepted.OnAcknowledged = ack =>
        {
            _call.Trace?.OnAcknowledged();
            _call.OnPeerHeard();
            if (!isDelayed)
                return;
            dialog.Guard.OnAnswered();
            _call.OnDelayedAnswer(ack);
            _call.OnSessionChanged();
        };
        if (isDelayed)
            dialog.Guard.OnOwnOffer();
        dialog.Guard.OnPeerRequestEnded(SipMethod.Invite, isSuccess: true);
        _timer.OnAnswered(_timerAnswer, _call.Shard.Now);
        dialog.OnAnswered(_timer);
        dialog.Confirm(accepted);
        _call.OnAnswered();
    }

    private bool TryOpenAudio()
    {
        var failure = _call.Services.Media.TryAnswer(
            _invite.Offer, _judged, _flow, _call.Dialog!.IsBehindProxy, _participant.Codecs, Encryption, _call.AudioNews,
            out var audio, out _sdp);
        _call.Audio = audio;
        if (failure is not null)
            Refuse(failure);
        return failure is null;
    }

    // A PRACK shows that the caller is where he says, and lets what has waited for it go on.
    private void OnAcknowledged()
    {
        _call.OnPeerHeard();
        if (_isAccepting && _call.Setup is not null)
            Accept();
    }

    private void RefuseAs(CallEndCause cause, int status) =>
        _call.End(new CallEnd(cause, CallerStatus.Of(status), "the called side did not answer"));

    private void Refuse(CallRefusal why) => _call.End(CallEnd.From(why, _flow.SentBy));
}
