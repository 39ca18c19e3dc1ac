using System.Diagnostics;
using System.Net;
using System.Text;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>
/// One REFER of the phone, well-formed and not refused yet (RFC 3515 §2.4.2). Asking -> Trying, once it is accepted -> Leaving, until the
/// phone has heard that it worked -> Over. On the shard of the call that it came in.
/// </summary>
internal sealed class ReceivedRefer
{
    // A phone that does not answer the last NOTIFY must not keep listening for long.
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(2);

    private readonly Call _call;
    private readonly CallDialog _dialog;
    private readonly OwedResponse _owed;
    private readonly ReferWish _wish;
    private readonly CallTimer _leave;
    private readonly uint? _id;
    private HookQuestion<ITransferHandler, TransferDecision>? _question;
    private ReplacedCall? _replaced;
    private OwedNotify? _notify;
    private State _state;
    private int? _settled;
    private bool? _endedWithOthers;
    private Activity? _span;
    private bool _isCounted;

    /// <param name="dialog">Its dialog.</param>
    /// <param name="owed">Its answer.</param>
    /// <param name="wish">What it asks for.</param>
    /// <param name="id">Id of its subscription, or null (§2.4.6).</param>
    public ReceivedRefer(CallDialog dialog, OwedResponse owed, ReferWish wish, uint? id)
    {
        _call = dialog.Call;
        _dialog = dialog;
        _owed = owed;
        _wish = wish;
        _id = id;
        _leave = _call.NewTimer(Leave);
    }

    private enum State : byte
    {
        Asking,
        Trying,
        Leaving,
        Over,
    }

    /// <summary>Whether nothing is tried for it any more.</summary>
    public bool IsOver => _state == State.Over;

    /// <summary>Its reports, or null.</summary>
    public OwedNotify? Notify => _notify;

    /// <summary>Looks whom it is about, and asks the host.</summary>
    public void Begin()
    {
        _span = _call.Trace?.BeginTransfer("phone");
        if (_wish.Replaces is { } replaces)
            ReplacedCall.Find(_call, replaces, OnFound);
        else
            Ask();
    }

    /// <summary>The call has ended before the host had decided.</summary>
    public void OnGone()
    {
        _question?.Dispose();
        _state = State.Over;
        Count("Gone");
    }

    private void OnFound(ReplacedCall? replaced)
    {
        if (_state != State.Asking || _owed.IsPaid)
            return;
        _replaced = replaced;
        if (replaced is null)
            Ask();
        else if (replaced.Call == _call || replaced.Kind == ReplacedDialog.Ended)
            Refuse(603, "The call to be replaced is over");
        else if (!ReplaceRules.MayReplace(_call.Info, [replaced.Info], _call.Services.Options.Authentication.RequireForCalls))
            Refuse(403);
        else
            Ask();
    }

    private void Ask()
    {
        var services = _call.Services;
        var request = new TransferRequest
        {
            Call = _call.Info,
            Authentication = _call.PeerAuthentication,
            TargetUri = _wish.Uri,
            Target = SipNumbers.Of(Encoding.UTF8.GetBytes(_wish.Uri)),
            ReferredBy = _wish.ReferredByUri,
            IsAttended = _wish.Replaces is not null,
            ReplacedCall = _replaced?.Info,
            Headers = MessageHeaders.Copy(_owed.Request),
        };
        _question = services.Hooks.Ask<ITransferHandler, TransferDecision>(
            _call.Shard,
            OwedResponse.LimitOf(services.Options),
            _call.Id,
            (handler, cancellation) => handler.HandleTransferAsync(request, cancellation),
            (_, outcome) => _call.Guard(() => OnDecision(outcome)),
            origin: _call);
    }

    private void OnDecision(HookOutcome<TransferDecision> outcome)
    {
        if (_state != State.Asking || _owed.IsPaid)
            return;
        switch (outcome)
        {
            case { Status: HookStatus.Answered, Answer: TransferDecision.Refusal refusal }:
                Refuse(refusal.StatusCode, refusal.ReasonPhrase);
                break;
            case { Status: HookStatus.Answered, Answer: TransferDecision.Move move }:
                Accept();
                Gather(RoomMerge.Others(_call.Services, _call.Info.RoomId, _call), move.RoomId, null);
                break;
            case { Status: HookStatus.Answered, Answer: TransferDecision.Acceptance } when _replaced is { } replaced:
                Accept();
                Join(replaced);
                break;
            case { Status: HookStatus.Answered, Answer: TransferDecision.Acceptance acceptance }:
                _ = RingAsync(acceptance);
                break;
            case { Status: HookStatus.TimedOut or HookStatus.Unavailable }:
                Refuse(503);
                break;
            default:
                Refuse(500);
                break;
        }
    }

    private void Refuse(int status, string? phrase = null)
    {
        _call.Note("transfer", $"REFER to {_wish.Uri} is refused with {status}");
        _state = State.Over;
        Count("Refused");
        _owed.Answer(status, phrase);
    }

    // RFC 3515 §2.4.2: 202, and RFC 3515 §2.4.4: the first NOTIFY at once. RFC 4488 §4: no reports when they are not wanted.
    private void Accept()
    {
        _call.Note("transfer", $"REFER to {_wish.Uri} is accepted");
        _state = State.Trying;
        if (_wish.WantsNoReports)
        {
            _owed.Answer(202, headers: [(SipHeaderId.ReferSub, "false")]);
            return;
        }

        _owed.Answer(202);
        _notify = new OwedNotify(_dialog, _id, _call.Services.Options.Calls.RingTimeout + TimeSpan.FromMinutes(10));
        _notify.Start();
    }

    // Accepted when the target is being rung: who hangs up at the 202 does not leave an empty room behind.
    private async Task RingAsync(TransferDecision.Acceptance acceptance)
    {
        var dialer = new TransferDialer(_call.Services);
        var others = RoomMerge.Others(_call.Services, _call.Info.RoomId, _call);
        var peer = others.Count == 1 ? ReplaceRules.PeerOf(others[0].Info) : ReplaceRules.PeerOf(_call.Info);
        var options = new OutgoingCallOptions
        {
            Participant = acceptance.Participant,
            RingTimeout = acceptance.RingTimeout,
            Referral = new CallReferral(_call, _wish.FieldsFor(_replaced))
            {
                Ringing = () => _notify?.Tell(180),
                Settled = OnSettled,
            },
        };
        var from = acceptance.FromNumber ?? (peer.Length > 0 ? peer : "anonymous");
        var (flow, trunk) = (_owed.Flow, _call.Info.Trunk);
        var target = acceptance.Target ?? dialer.TargetOf(_wish.Uri, flow);
        // Where the host has not said it, the phone decides where this server calls: as far as one that answers 3xx may.
        Func<IPEndPoint, bool>? mayLead = acceptance.Target is null ? place => _call.Services.Targets.MayLead(flow, place, trunk) : null;
        var roomId = _call.Info.RoomId!;
        // Who is alone, but for what the host lets it hear, is not left by others when the target does not answer.
        if (others.Count == 0)
            StayWithoutOthers();
        ISipCall? rung = null;
        try
        {
            rung = await dialer.CallAsync(target, roomId, from, options, mayLead).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            // An address that can't be called.
        }
#pragma warning disable CA1031 // Whatever it is, the phone gets its report, and may ask again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerLog.CallFailed(_call.Logger, exception, _call.Id);
        }

        _call.Post(() => OnRung(rung));
    }

    private void OnRung(ISipCall? rung)
    {
        if (_state != State.Asking || _owed.IsPaid)
        {
            _ = rung?.HangUpAsync(487);
            return;
        }

        Accept();
        if (_settled is { } settled)
            OnSettled(settled);
        else if (rung is null)
            OnSettled(400);
        else if (rung is EndedCall { Answered.Result: var outcome })
            OnSettled(CallReferral.StatusOf(outcome.Cause ?? CallEndCause.Failed, outcome.StatusCode));
    }

    // RFC 5589 §7: both calls of the phone are with this server, so whom it has spoken with are brought together here.
    private void Join(ReplacedCall replaced)
    {
        var (services, here, there) = (_call.Services, _call.Info.RoomId, replaced.Info.RoomId);
        if (replaced.Call.HasEnded || here is null || there is null)
            OnSettled(481);
        else if (here == there)
            OnJoined(replaced, isTogether: true);
        else if (RoomMerge.Others(services, there, _call, replaced.Call) is { Count: > 0 } theirs)
            Gather(theirs, here, replaced);
        else
            // Nobody there is a call of ours, but the host's room may have others in it.
            Gather(RoomMerge.Others(services, here, _call, replaced.Call), there, replaced);
    }

    // Neither call of the phone is to end because the others go, but because they have gone.
    private void Gather(IReadOnlyList<Call> calls, string roomId, ReplacedCall? replaced)
    {
        if (calls.Count == 0)
        {
            OnSettled(480);
            return;
        }

        StayWithoutOthers();
        if (replaced is null)
        {
            RoomMerge.Begin(_call, calls, roomId, OnMoved);
            return;
        }

        replaced.Call.Post(() =>
        {
            if (replaced.Call.HasEnded)
            {
                _call.Post(() => OnSettled(481));
                return;
            }

            replaced.Call.EndsWithOthers = false;
            // Who still rings for it rings for the others from now on.
            replaced.Call.Services.Rings.Release(replaced.Call.Id);
            _call.Post(() => RoomMerge.Begin(_call, calls, roomId, OnMoved));
        });

        void OnMoved(int moved)
        {
            if (replaced is not null)
                OnJoined(replaced, isTogether: moved > 0);
            else
                OnSettled(moved > 0 ? 200 : 480);
        }
    }

    private void StayWithoutOthers()
    {
        _endedWithOthers = _call.EndsWithOthers;
        _call.EndsWithOthers = false;
    }

    private void OnJoined(ReplacedCall replaced, bool isTogether)
    {
        if (isTogether)
            replaced.Call.PostEnd(new CallEnd(CallEndCause.Transferred, 487, "transferred by its phone"));
        else
            replaced.Call.Post(() => replaced.Call.EndsWithOthers = replaced.EndsWithOthers);
        OnSettled(isTogether ? 200 : 480);
    }

    private void OnSettled(int status)
    {
        // The call that is rung lives on another shard, and may be through before we have heard that it began.
        _settled ??= status;
        if (_state != State.Trying)
            return;
        _call.Note("transfer", $"to {_wish.Uri}: {status}");
        Count(status < 300 ? "Completed" : "Failed");
        if (status >= 300)
        {
            _state = State.Over;
            _call.EndsWithOthers = _endedWithOthers ?? _call.EndsWithOthers;
            _notify?.Finish(status, static () => { });
            return;
        }

        _state = State.Leaving;
        if (_notify is null)
        {
            Leave();
            return;
        }

        // The NOTIFY before the BYE: most phones know of no dialog any more after that.
        _notify.Finish(status, Leave);
        if (_state == State.Leaving)
            _leave.Set(LeaveLimit);
    }

    private void Count(string outcome)
    {
        if (_isCounted)
            return;
        _isCounted = true;
        _call.Services.Metrics.Calls.Transferred(byPhone: true, outcome);
        if (_span is { } span)
            _call.Trace!.End(span, outcome, isError: false);
    }

    private void Leave()
    {
        if (_state != State.Leaving)
            return;
        _state = State.Over;
        _leave.Cancel();
        _call.End(new CallEnd(CallEndCause.Transferred, 0, "transferred by its phone"));
    }
}
