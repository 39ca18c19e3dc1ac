using System.Text;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls;

/// <summary>
/// A call from a phone whose credentials, if it needs some, are right: put to the host, then answered, rung or refused (RFC 3261 §13.3).
/// Deciding -> (Ringing ->) Answered -> Ended; CANCEL, refusal and time-outs lead from everywhere to Ended.
/// </summary>
internal sealed class InboundLeg : CallLeg, IServerExchangeUser
{
    private static readonly TimeSpan RingingInterval = TimeSpan.FromMinutes(1);

    private readonly ServerExchange _exchange;
    private readonly ReceivedInvite _invite;
    private readonly UnverifiedCall? _unverified;
    private readonly SipTimer _wait;
    private readonly SipTimer _ringing;
    private HookQuestion<IInviteHandler, InviteDecision>? _question;
    private IDisposable? _lookup;
    private AcceptedInvite? _accepted;
    private InviteDecision.Join? _joined;
    private ParticipantOptions _participant = ParticipantOptions.Default;
    private string? _byeAfterAck;
    private bool _hasRung;
    private bool _final;

    public InboundLeg(
        CallServices services,
        SipShard shard,
        SipFlow flow,
        ServerExchange exchange,
        ReceivedInvite invite,
        CallInfo info,
        UnverifiedCall? unverified)
        : base(services, shard, flow, DialogPath.IsByContact(flow, invite.Message), info)
    {
        _invite = invite;
        _unverified = unverified;
        _wait = NewTimer(() => Finish(CallEndCause.NoAnswer, 480, "nobody else came to the room in time"));
        _ringing = NewTimer(SayRinging);
        _exchange = exchange;
        _exchange.User = this;
    }

    protected override string LocalTag => _exchange.LocalTag;

    protected override SipCredentials? Credentials =>
        Info.Trunk is { } name && Services.Trunks.TryGet(name, out var trunk) ? trunk.Options.Credentials : null;

    protected override bool EndsWhenOthersLeave => _joined?.EndWhenOthersLeave ?? base.EndsWhenOthersLeave;

    public override IReadOnlyList<KeyValuePair<string, string>> RemoteHeaders => _invite.Headers;

    /// <summary>Asks the host what to do with the call.</summary>
    public void Start() => Guard(LocateAudio);

    void IServerExchangeUser.OnCancel(SipShard shard, ServerExchange exchange) => Guard(() =>
    {
        // RFC 3261 §9.2: a CANCEL has no effect once a final response was sent.
        if (!_final)
            Refuse(CallEndCause.Cancelled, 487, "the caller gave up");
    });

    // A call that is up outlives its connection: the phone comes back over another. One that was never acknowledged does not.
    void IServerExchangeUser.OnFailed(SipShard shard, ServerExchange exchange) => Guard(() =>
    {
        if (!_final)
            Refuse(CallEndCause.Gone, 503, "the connection to the caller is gone");
        else if (_accepted is { IsWaiting: true } && exchange.Flow.IsClosed)
            End(CallEndCause.Gone, 0, "the connection to the caller is gone before the 200 was acknowledged");
    });

    protected override void Finish(CallEndCause cause, int status, string reason)
    {
        if (HasEnded)
            return;
        if (!_final)
        {
            Refuse(cause, status is >= 400 and <= 699 ? status : 480, reason);
            return;
        }

        // RFC 3261 §15: no BYE before the ACK.
        if (_accepted is { IsWaiting: true })
            _byeAfterAck = ReasonOf(cause, reason);
        else
            SendBye(cause, reason);
        End(cause, 0, reason);
    }

    protected override void OnOthersChanged(RoomChange change)
    {
        if (HasEnded)
            return;
        if (change.OthersConnected > 0)
            _wait.Cancel();
        if (State == CallState.Answered)
            EndIfAlone(change);
        else if (change.OthersConnected > 0)
            Answer();
        else if (change is { Others: 0, Left: { } left })
            Refuse(left.Cause, left.StatusCode is >= 400 and <= 699 ? left.StatusCode : 480, "the called side did not answer");
    }

    protected override CallCommandResult TryAnswer()
    {
        if (_final)
            return CallCommandResult.AlreadyDone;
        if (Place is null)
            return CallCommandResult.NotPossible;
        Answer();
        return State == CallState.Answered ? CallCommandResult.Done : CallCommandResult.Ended;
    }

    protected override CallCommandResult TryReject(InviteDecision.Rejection rejection)
    {
        if (_final)
            return CallCommandResult.NotPossible;
        Reject(rejection);
        return CallCommandResult.Done;
    }

    protected override void OnAck(SipMessage ack) => _accepted?.OnAck(ack);

    protected override void OnNextInvite()
    {
        _accepted?.Cancel();
        _unverified?.Confirm();
        Media?.Rtp.Confirm();
    }

    protected override void OnEnding(int status)
    {
        try
        {
            _lookup?.Dispose();
            _question?.Dispose();
            _wait.Cancel();
            _ringing.Cancel();
            SettleInvite(status);
        }
        finally
        {
            _exchange.User = null;
            _unverified?.Dispose();
            _invite.Dispose();
        }
    }

    // However the call ends, its INVITE gets a final response, and that one reaches the caller.
    private void SettleInvite(int status)
    {
        // RFC 3261 §15.1.2: 487 where the end has no code of its own, as when the caller says BYE early.
        if (!_final)
            RespondFinally(status is >= 400 and <= 699 ? status : 487);
        else if (_accepted is { IsWaiting: true } accepted && Dialog is { } dialog && IsOwedToTheCaller)
            _ = new OwedAck(Services, Shard, dialog, accepted, _byeAfterAck is { } reason ? () => SendBye(dialog, reason) : null, _hasRung);
        else
            _accepted?.Cancel();
    }

    // Who says BYE knows our tag: from the 180, and then perhaps not yet that we have answered, or else from the answer itself.
    private bool IsOwedToTheCaller => !IsAbandoned && !Flow.IsClosed && (_byeAfterAck is not null || _hasRung);

    // RFC 3261 §8.1.1.8, §12.1.1: an INVITE without a usable Contact makes no dialog.
    private bool TrySetDialog()
    {
        if (SipDialog.FromUas(_invite.Message, Encoding.ASCII.GetBytes(LocalTag)) is { } dialog)
        {
            SetDialog(dialog);
            return true;
        }

        Refuse(CallEndCause.Failed, 400, "Contact or Record-Route can't be used");
        return false;
    }

    // RFC 8866 §5.7: a host may be named. Whether audio may go there is known when its address is; a name alone is no reason to trouble the
    // host.
    private void LocateAudio()
    {
        if (_invite.Offer?.AudioHost is not { } host)
        {
            AskHost();
            return;
        }

        _lookup = Services.Hosts.Find(Shard, host, address => Guard(() =>
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

    private void AskHost()
    {
        // Made here and not in the handler's thread: the message belongs to the shard.
        var request = _invite.ToRequest(Info);
        _question = Services.Hooks.Ask<IInviteHandler, InviteDecision>(
            Shard,
            Services.Options.HandlerTimeout,
            Id,
            (handler, cancellation) => handler.HandleInviteAsync(request, cancellation),
            (_, outcome) => Guard(() => OnDecision(outcome)),
            (_, decision) => LateDecision.Settle(Services, decision, StartedAt));
    }

    private void OnDecision(HookOutcome<InviteDecision> outcome)
    {
        switch (outcome)
        {
            case { Status: HookStatus.Answered, Answer: InviteDecision.Join join }:
                _joined = join;
                _participant = join.Participant;
                Join(join.RoomId, join.Participant, () =>
                {
                    ReportConnecting();
                    Answer();
                    // Who is to end with the others does not wait for them for ever.
                    if (join.EndWhenOthersLeave && !HasEnded)
                        _wait.Set(Services.Options.Calls.WaitForOthersTimeout);
                });
                break;
            case { Status: HookStatus.Answered, Answer: InviteDecision.Wait wait }:
                Ring(wait);
                break;
            case { Status: HookStatus.Answered, Answer: InviteDecision.Rejection rejection }:
                Reject(rejection);
                break;
            case { Status: HookStatus.Answered, Answer: InviteDecision.Redirection redirection }:
                Redirect(redirection);
                break;
            case { Status: HookStatus.TimedOut }:
                Refuse(CallEndCause.HandlerFailed, 503, "the host took too long");
                break;
            default:
                Refuse(CallEndCause.HandlerFailed, 500, "the host's handler failed");
                break;
        }
    }

    private void Ring(InviteDecision.Wait wait)
    {
        if (!TrySetDialog())
            return;
        _participant = wait.Participant;
        _wait.Set(wait.Timeout ?? Services.Options.Calls.WaitForOthersTimeout);
        Join(wait.RoomId, wait.Participant, () =>
        {
            _hasRung = true;
            SayRinging();
            ReportConnecting();
            ReportRinging();
        });
    }

    // RFC 3261 §13.3.1.1: again each minute, or a proxy on the way takes the call for dead (§16.6, timer C).
    private void SayRinging()
    {
        _exchange.Respond(180, CreateResponse(_invite.Message, 180, headers: _participant.Headers));
        _ringing.Set(RingingInterval);
    }

    // RFC 3261 §8.3, §21.3.1: 300 when there is a choice, 302 when there is one place.
    private void Redirect(InviteDecision.Redirection redirection)
    {
        var status = redirection.Contacts.Count > 1 ? 300 : 302;
        var contacts = string.Join(", ", redirection.Contacts.Select(c => $"<{c}>"));
        _final = true;
        _exchange.Respond(status, LegResponses.CreateRedirect(Services, _invite.Message, status, LocalTag, contacts));
        End(CallEndCause.Redirected, status, "sent elsewhere by the host");
    }

    private void Answer()
    {
        if (Dialog is null && !TrySetDialog())
            return;
        var failure = Services.Media.TryAnswer(
            _invite.Offer, Flow, IsBehindProxy(Dialog!), _participant.Codecs, this, out var media, out var sdp);
        if (failure is { } why)
        {
            Refuse(why);
            return;
        }

        Media = media;
        _wait.Cancel();
        _ringing.Cancel();
        _final = true;
        Dialog!.Confirm();
        _accepted = new AcceptedInvite(
            Shard, _exchange, CreateResponse(_invite.Message, 200, null, sdp, headers: _participant.Headers), _invite.Message.CSeqNumber)
        {
            OnAcknowledged = OnFirstAck,
            OnGivenUp = () => Guard(() => Finish(CallEndCause.AckTimeout, 408, "the 200 was never acknowledged")),
        };
        _accepted.Start();
        ReportAnswered();
    }

    private void OnFirstAck(SipMessage ack)
    {
        _unverified?.Confirm();
        if (_invite.Offer is null)
            OnDelayedAnswer(ack);
    }

    private void Reject(InviteDecision.Rejection rejection) => Refuse(
        CallEndCause.Rejected, rejection.StatusCode, rejection.ReasonPhrase ?? "refused by the host", phrase: rejection.ReasonPhrase);

    private void RespondFinally(int status, string? phrase = null, string? warning = null)
    {
        _final = true;
        _exchange.Respond(status, LegResponses.CreateRefusal(Services, _invite.Message, status, phrase, LocalTag, null, warning));
    }

    private void Refuse(CallRefusal why) =>
        Refuse(
            why.Status == 503 ? CallEndCause.Failed : CallEndCause.MediaNegotiation,
            why.Status,
            why.Reason,
            warning: why.WarningFrom(Flow.SentBy));

    private void Refuse(CallEndCause cause, int status, string reason, string? phrase = null, string? warning = null)
    {
        RespondFinally(status, phrase, warning);
        ServerLog.InviteRefused(Services.Logger, Id, Flow.RemoteEndPoint, status, reason);
        End(cause, status, reason);
    }
}
