using System.Text;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Calls.Setup;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>
/// A call that takes the place of another (INVITE with Replaces, RFC 3891 §3): into its room, under its name, without a gap for the others. The host
/// is not asked, for it has admitted who is replaced; <see cref="ReplaceRules"/> say who may. What can't be done leaves the other call as it is.
/// </summary>
internal sealed class ReplacingSetup : CallSetup
{
    private readonly Call _call;
    private readonly SipFlow _flow;
    private readonly ReceivedInvite _invite;
    private readonly OwedFinal _owed;
    private IDisposable? _lookup;

    /// <param name="call">The new call.</param>
    /// <param name="flow">The way its INVITE came.</param>
    /// <param name="exchange">The transaction of the INVITE.</param>
    /// <param name="invite">What is known of it.</param>
    public ReplacingSetup(Call call, SipFlow flow, ServerExchange exchange, ReceivedInvite invite)
    {
        _call = call;
        _flow = flow;
        _invite = invite;
        _owed = new OwedFinal(call, exchange, invite.Message, call.End);
        call.Debts.Add(_owed);
    }

    /// <summary>Whether an INVITE wants to replace a call.</summary>
    public static bool IsFor(SipMessage invite) => invite.TryGetHeader(SipHeaderId.Replaces, out _);

    public override void Begin()
    {
        if (Replaces.Read(_invite.Message, out var replaces) != FieldReading.Ok)
        {
            Refuse(400, "Replaces can't be read, or stands there twice");
            return;
        }

        // RFC 8866 §5.7: a host may be named.
        if (_invite.Offer?.AudioHost is not { } host)
        {
            Find(replaces!);
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
            Find(replaces!);
        }));
    }

    public override CallCommandResult Answer() => CallCommandResult.NotPossible;

    public override CallCommandResult Reject(InviteDecision.Rejection rejection)
    {
        _call.End(new CallEnd(
            CallEndCause.Rejected, rejection.StatusCode, rejection.ReasonPhrase ?? "refused by the host", rejection.ReasonPhrase));
        return CallCommandResult.Done;
    }

    public override void OnOthersChanged(RoomChange change)
    {
        if (change is { Others: 0, Left: not null } && _call.EndsWithOthers)
            Refuse(480, "all other members have left the room");
    }

    public override void Close()
    {
        _lookup?.Dispose();
        _invite.Dispose();
    }

    private void Find(Replaces replaces) => ReplacedDialog.Find(_call, replaces, found =>
    {
        if (!_call.HasEnded)
            OnFound(replaces, found);
    });

    // RFC 3891 §3, in its order.
    private void OnFound(Replaces replaces, ReplacedDialog? found)
    {
        if (found?.Info.RoomId is not { } roomId)
        {
            Refuse(481, "there is no such call to be replaced");
            return;
        }

        var (services, old) = (_call.Services, found);
        var places = RoomMerge.Others(services, roomId, _call).Select(call => call.Info).Append(old.Info);
        if (old.State == CallState.Ended)
            Refuse(603, "the call to be replaced is over");
        else if (!ReplaceRules.MayReplace(_call.Info, places, services.Options.Authentication.RequireForCalls))
            Refuse(403, "the call to be replaced is not the caller's, nor with him");
        else if (!old.IsEarly && replaces.IsEarlyOnly)
            Refuse(486, "the call to be replaced is answered");
        else if (old.IsEarly && !old.WeCalled)
            Refuse(481, "a call that still waits for us is not replaced");
        else
            Prepare(old, roomId);
    }

    // The audio first: what can't be answered leaves the other call as it was.
    private void Prepare(ReplacedDialog old, string roomId)
    {
        if (SipDialog.FromUas(_invite.Message, Encoding.ASCII.GetBytes(_owed.Exchange.LocalTag)) is not { } sip)
        {
            Refuse(400, "Contact or Record-Route can't be used");
            return;
        }

        var dialog = new CallDialog(_call, sip, _flow, DialogPath.IsByContact(_flow, _invite.Message));
        _call.Dialog = dialog;
        var failure = _call.Services.Media.TryAnswer(_invite.Offer, _flow, dialog.IsBehindProxy, null, _call, out var audio, out var sdp);
        if (failure is not null)
        {
            Refuse(failure);
            return;
        }

        _call.Audio = audio;
        _call.EndsWithOthers = old.EndsWithOthers;
        _call.AloneLimit = _call.Services.Options.Calls.AloneTimeout;
        // Who still rings for it rings for this one from now on.
        _call.Services.Rings.Release(old.Call.Id);
        // Under the same name: in a room of ours the place changes hands in one step, in one of the host's it is the host who sees the name.
        var participant = new ParticipantOptions
        {
            Id = old.Info.ParticipantId,
            Attributes = old.Info.Attributes,
            Muted = old.Call.IsMuted,
        };
        var gain = old.Call.Gain;
        _call.Join(roomId, participant, () => Accept(dialog, sdp!, old.Call, gain));
    }

    private void Accept(CallDialog dialog, byte[] sdp, Call old, double gain)
    {
        _call.ReportConnecting();
        var isDelayed = _invite.Offer is null;
        var accepted = _owed.Accept(dialog, isFirst: true, sdp);
        accepted.OnAcknowledged = ack =>
        {
            _call.OnPeerHeard();
            if (isDelayed)
                _call.OnDelayedAnswer(ack);
        };
        dialog.Confirm(accepted);
        _call.OnAnswered();
        if (gain != 0)
            _ = _call.SetGainAsync(gain);
        // §3: BYE, or CANCEL when it was still ringing.
        old.PostEnd(new CallEnd(CallEndCause.Replaced, 480, "another call has taken its place"));
    }

    private void Refuse(CallRefusal why) => _call.End(CallEnd.From(why, _flow.SentBy));

    private void Refuse(int status, string reason) => _call.End(new CallEnd(CallEndCause.Rejected, status, reason));
}
