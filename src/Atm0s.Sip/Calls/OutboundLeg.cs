using System.Text;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls;

/// <summary>
/// A call to a phone or server (RFC 3261 §13.2): in its room as a connecting member until it is answered.
/// Connecting -> (Ringing ->) Answered -> Ended; failure responses, time-outs and CANCEL lead to Ended.
/// </summary>
internal sealed class OutboundLeg : CallLeg, IClientExchangeUser
{
    private readonly OutboundTarget _target;
    private readonly OutgoingCallOptions _options;
    private readonly SipTimer _ring;
    private readonly SipTimer _alone;
    private readonly ClientAcks _acks = new();
    private readonly EarlyAnswers _earlyAnswers = new();
    private readonly Dictionary<string, SipFlow> _ackFlows = new(StringComparer.OrdinalIgnoreCase);
    private OutgoingInvite _invite = null!;
    private ClientExchange? _exchange;
    private volatile IReadOnlyList<KeyValuePair<string, string>> _remoteHeaders = [];
    private string? _cancelReason;
    private bool _cancelWanted;
    private bool _isAlone;

    public OutboundLeg(CallServices services, SipShard shard, OutboundTarget target, CallInfo info, OutgoingCallOptions options)
        : base(services, shard, target.Flow, isByContact: !target.IsRegistered, info)
    {
        _target = target;
        _options = options;
        LocalTag = services.Stack.Ids.NewTag();
        _ring = NewTimer(OnRingTimeout);
        _alone = NewTimer(() => Finish(CallEndCause.OthersLeft, 0, "nobody else came to the room in time"));
    }

    public override IReadOnlyList<KeyValuePair<string, string>> RemoteHeaders => _remoteHeaders;

    protected override string LocalTag { get; }

    protected override SipCredentials? Credentials => _options.Credentials;

    /// <summary>Joins the room as a connecting member and sends the INVITE.</summary>
    public void Start(string roomId) => Guard(() =>
    {
        if (!HasEnded)
            Join(roomId, _options.Participant, Invite);
    });

    private void Invite()
    {
        ReportConnecting();
        var failure = Services.Media.TryOffer(Flow, _options.Participant.Codecs, this, out var media, out var offer);
        if (failure is { } why)
        {
            End(CallEndCause.Failed, why.Status, why.Reason);
            return;
        }

        Media = media;
        _invite = new OutgoingInvite(Services.Stack, _target, Info, LocalTag, _options, offer!);
        _ring.Set(_options.RingTimeout ?? Services.Options.Calls.RingTimeout);
        try
        {
            SendInvite();
        }
        catch (ArgumentException unusable)
        {
            // What a phone has registered, or the host wants called, can be read but not be written into a request.
            End(CallEndCause.Failed, 400, unusable.Message);
        }
    }

    void IClientExchangeUser.OnResponse(SipShard shard, ClientExchange exchange, SipMessage response)
    {
        if (ReferenceEquals(exchange, _exchange))
            Guard(() => OnResponse(response));
    }

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
            case 401 or 407 when !HasEnded && _invite.TryAuthenticate(response):
                // RFC 3261 §22.2: the same request again, with credentials and the next CSeq.
                SendInvite();
                break;
            default:
                var (cause, reason) = OutboundFailure.FromStatus(response.StatusCode);
                End(cause, response.StatusCode, reason);
                break;
        }
    }

    // RFC 3261 §8.1.3.1: a time-out counts as 408, a transport error as 503.
    void IClientExchangeUser.OnTimeout(SipShard shard, ClientExchange exchange) =>
        Guard(() => End(CallEndCause.Gone, 408, "the phone does not respond"));

    void IClientExchangeUser.OnTransportError(SipShard shard, ClientExchange exchange) =>
        Guard(() => End(CallEndCause.Gone, 503, "the connection to the phone is gone"));

    protected override void Finish(CallEndCause cause, int status, string reason)
    {
        if (HasEnded)
            return;
        if (Dialog is not null)
        {
            SendBye(cause, reason);
            End(cause, 0, reason);
            return;
        }

        _cancelReason = ReasonOf(cause, reason, isCancel: true);
        Cancel();
        End(cause, status, reason);
    }

    protected override void OnOthersChanged(RoomChange change)
    {
        if (HasEnded)
            return;
        _isAlone = change.Others == 0;
        if (!change.AtJoin)
            EndIfAlone(change);
        WatchOverAlone();
    }

    protected override CallCommandResult TryAnswer() =>
        State == CallState.Answered ? CallCommandResult.AlreadyDone : CallCommandResult.NotPossible;

    protected override CallCommandResult TryReject(InviteDecision.Rejection rejection) => CallCommandResult.NotPossible;

    // An ACK inside a dialog that we opened acknowledges a re-INVITE; the base has seen it.
    protected override void OnAck(SipMessage ack)
    {
    }

    protected override void OnEnding(int status)
    {
        _ring.Cancel();
        _alone.Cancel();
    }

    // A call that was answered for nobody, because whom it was for has gone, must not last until its phone is hung up.
    private void WatchOverAlone()
    {
        if (!_isAlone || HasEnded || State != CallState.Answered || !EndsWhenOthersLeave)
            _alone.Cancel();
        else if (!_alone.IsSet && Services.Options.Calls.AloneTimeout > TimeSpan.Zero)
            _alone.Set(Services.Options.Calls.AloneTimeout);
    }

    private void SendInvite()
    {
        var (branch, message) = _invite.Write();
        _exchange = Shard.Send(Flow, SipMethod.Invite, branch, message, this);
    }

    private void OnRingTimeout() => Finish(CallEndCause.NoAnswer, 408, "nobody answered in time");

    private void OnProvisional(SipMessage response)
    {
        if (_cancelWanted)
            SendCancel();
        else if (!HasEnded && response.StatusCode > 100)
            OnRinging(response);
    }

    private void OnRinging(SipMessage response)
    {
        _earlyAnswers.Add(response);
        ReportRinging();
    }

    private void OnSuccess(SipMessage response)
    {
        // RFC 3261 §13.2.2.4: every 2xx is acknowledged, also one that is repeated, too late, or from another branch of a fork.
        if (_acks.TryGet(response, out var ack))
        {
            _ackFlows.GetValueOrDefault(ToTagOf(response), Flow).TrySend(ack.Span);
            return;
        }

        if (!_acks.HasRoom || SipDialog.FromUac(_invite.Builder, response) is not { } dialog)
            return;
        if (HasEnded || Dialog is not null)
        {
            AcknowledgeAndHangUp(dialog, response);
            return;
        }

        SetDialog(dialog);
        Acknowledge(dialog, response);
        Media!.Rtp.Confirm();
        Media.IsBehindProxy = IsBehindProxy(dialog);
        if (TryAcceptAnswer(_earlyAnswers.Of(response)) is { } why)
        {
            SendBye(CallEndCause.MediaNegotiation, "the answer can't be used");
            End(CallEndCause.MediaNegotiation, 488, $"the answer can't be used: {why.Reason}");
            return;
        }

        _ring.Cancel();
        _remoteHeaders = MessageHeaders.Copy(response);
        ReportAnswered();
        WatchOverAlone();
    }

    private void Acknowledge(SipDialog dialog, SipMessage response)
    {
        var flow = FlowFor(dialog);
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        dialog.BeginAck(ref writer, response.CSeqNumber, flow.NewVia(Services.Stack.Ids.NewBranch()));
        _invite.WriteCredentials(writer);
        writer.End();
        var ack = buffer.WrittenSpan.ToArray();
        _acks.TryAdd(response, ack);
        _ackFlows[ToTagOf(response)] = flow;
        flow.TrySend(ack);
    }

    private static string ToTagOf(SipMessage response) => Encoding.UTF8.GetString(response.ToTag);

    // The answer crossed our CANCEL, or came from a second phone: take it, and hang up (RFC 3261 §9.1, §13.2.2.4).
    private void AcknowledgeAndHangUp(SipDialog dialog, SipMessage response)
    {
        Acknowledge(dialog, response);
        SendBye(dialog, null);
    }

    // RFC 3261 §9.1: not before a provisional response has come.
    private void Cancel()
    {
        _cancelWanted = true;
        SendCancel();
    }

    private void SendCancel()
    {
        if (_exchange is not { Transaction: InviteClientTransaction { CanCancel: true } } exchange)
            return;
        exchange.TryCancel(new Farewell(Services.Calls), _cancelReason);
    }
}
