using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls.Setup;

/// <summary>
/// A call to a phone or server (RFC 3261 §13.2): in its room as a connecting member until it is answered.
/// </summary>
internal sealed class OutboundSetup : CallSetup, ISentInviteUser
{
    private readonly Call _call;
    private readonly string _roomId;
    private readonly OutboundTarget _target;
    private readonly OutgoingCallOptions _options;
    private readonly SipTimer _ring;
    private readonly EarlyAnswers _earlyAnswers = new();

    public OutboundSetup(Call call, string roomId, OutboundTarget target, OutgoingCallOptions options)
    {
        _call = call;
        _roomId = roomId;
        _target = target;
        _options = options;
        _ring = call.NewTimer(() => call.End(new CallEnd(CallEndCause.NoAnswer, 408, "nobody answered in time")));
        call.AloneLimit = call.Services.Options.Calls.AloneTimeout;
    }

    /// <summary>Joins the room as a connecting member and sends the INVITE.</summary>
    public override void Begin()
    {
        if (_call.ForCallId is { } caller && !_call.Services.Rings.TryLink(_call, caller))
            _call.End(new CallEnd(CallEndCause.OthersLeft, 487, "whom it was rung for is gone"));
        else
            _call.Join(_roomId, _options.Participant, Invite);
    }

    public override CallCommandResult Answer() => CallCommandResult.NotPossible;

    public override CallCommandResult Reject(InviteDecision.Rejection rejection) => CallCommandResult.NotPossible;

    public override void OnOthersChanged(RoomChange change)
    {
        if (change is { Others: 0, Left: not null } && _call.EndsWithOthers)
            _call.End(new CallEnd(CallEndCause.OthersLeft, 0, "all other members have left the room"));
    }

    public override void Close() => _ring.Cancel();

    void ISentInviteUser.OnProvisional(SentInvite invite, CallDialog? dialog, SipMessage response, bool isReliable)
    {
        _earlyAnswers.Add(response);
        _call.ReportRinging();
        if (dialog is not null && (isReliable || HearsEarly) && SdpBody.TryFind(response, out var sdp) == SdpBodyResult.Found)
            OnEarlyAnswer(dialog, sdp, isReliable);
    }

    void ISentInviteUser.OnAnswered(SentInvite invite, CallDialog dialog, SipMessage response)
    {
        _call.Dialog = dialog;
        _call.Audio!.Rtp.Confirm();
        _call.Audio.IsBehindProxy = dialog.IsBehindProxy;
        // RFC 6337 §3.1.1: what an unreliable 18x has told counts no more than what the 2xx says; a reliable one had the answer.
        var isTold = SdpBody.TryFind(response, out _) == SdpBodyResult.Found && dialog.Reliable.LastRSeq is null;
        _call.Audio.Focus(dialog.RemoteTag, again: isTold);
        if (_call.Audio.IsNegotiating && _call.TryAcceptAnswer(_earlyAnswers.Of(response)) is { } why)
        {
            _call.End(new CallEnd(CallEndCause.MediaNegotiation, 488, $"the answer can't be used: {why.Reason}"));
            return;
        }

        _call.Audio.OnChosen();
        _call.RemoteHeaders = MessageHeaders.Copy(response);
        _call.OnAnswered();
    }

    void ISentInviteUser.OnFailed(SentInvite invite, int status, SipMessage? response)
    {
        if (response is null)
        {
            _call.End(new CallEnd(
                CallEndCause.Gone, status, status == 408 ? "the phone does not respond" : "the connection to the phone is gone"));
            return;
        }

        _call.RemoteHeaders = MessageHeaders.Copy(response);
        var (cause, reason) = OutboundFailure.FromStatus(status);
        _call.End(new CallEnd(cause, status, reason));
    }

    private bool HearsEarly => _options.EarlyMedia ?? _call.Services.Options.Calls.EarlyMedia;

    // RFC 3262 §5: the answer in a reliable response is the answer. In any other it only foretells it, but what is said can be heard.
    private void OnEarlyAnswer(CallDialog dialog, ReadOnlySpan<byte> sdp, bool isReliable)
    {
        var audio = _call.Audio!;
        audio.Focus(dialog.RemoteTag);
        if (audio.IsNegotiating)
        {
            audio.IsBehindProxy = dialog.IsBehindProxy;
            // One that can't be used is told of when the call is answered.
            if (_call.TryAcceptAnswer(sdp) is not null)
                return;
        }

        if (isReliable)
            dialog.Guard.OnAnswered();
        if (!HearsEarly)
            return;
        audio.Rtp.Confirm();
        _call.StartAudio();
    }

    private void Invite()
    {
        _call.ReportConnecting();
        var failure = _call.Services.Media.TryOffer(_target.Flow, _options.Participant.Codecs, _call, out var audio, out var offer);
        if (failure is not null)
        {
            _call.End(new CallEnd(CallEndCause.Failed, failure.Status, failure.Reason));
            return;
        }

        _call.Audio = audio;
        audio!.OnOfferedToMany();
        _ring.Set(_options.RingTimeout ?? _call.Services.Options.Calls.RingTimeout);
        var message = new OutgoingInvite(_call.Services.Stack, _target, _call.Info, _call.Services.Stack.Ids.NewTag(), _options, offer!);
        var invite = new SentInvite(_call, _target, message, this);
        _call.Debts.Add(invite);
        try
        {
            invite.Send();
        }
        catch (ArgumentException unusable)
        {
            // What a phone has registered, or the host wants called, can be read but not be written into a request.
            _call.End(new CallEnd(CallEndCause.Failed, 400, unusable.Message));
        }
    }
}
