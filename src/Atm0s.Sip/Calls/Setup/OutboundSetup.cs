using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Messages.Fields;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls.Setup;

/// <summary>
/// A call to phones or servers (RFC 3261 §13.2), one or several at once: in its room as a connecting member until one of them has answered.
/// </summary>
internal sealed class OutboundSetup : CallSetup, ISentInviteUser
{
    private static readonly CallEnd _nobody = new(CallEndCause.NoAnswer, 408, "nobody answered in time");

    private readonly Call _call;
    private readonly string _roomId;
    private readonly OutgoingCallOptions _options;
    private readonly CallTimer _ring;
    private readonly CallTimer _groupTime;
    private readonly EarlyAnswers _earlyAnswers = new();
    private readonly CallOffers _offers;
    private readonly RedirectPlan _redirects;
    private readonly RingGroup<RingBranch> _group;
    private readonly List<RingBranch> _branches = [];

    /// <param name="call">The call.</param>
    /// <param name="roomId">Its room.</param>
    /// <param name="targets">Whom it rings: those of a group at once, group after group.</param>
    /// <param name="options">More settings.</param>
    public OutboundSetup(
        Call call, string roomId, IReadOnlyList<IReadOnlyList<OutboundTarget>> targets, OutgoingCallOptions options)
    {
        _call = call;
        _roomId = roomId;
        _options = options;
        _offers = new CallOffers(call, options);
        _redirects = new RedirectPlan(options.MaxRedirects);
        var users = targets.SelectMany(group => group).Select(target => target.Username).Distinct().Count();
        _group = new RingGroup<RingBranch>([.. targets.Select(group => NewBranches(group, null))], isOfOneUser: users <= 1);
        foreach (var target in targets.SelectMany(group => group))
            _redirects.OnRung(target.RequestUri);
        _ring = call.NewTimer(() => Carry(_group.OnTimeout()));
        _groupTime = call.NewTimer(() => Carry(_group.OnGroupTimeout()));
        call.AloneLimit = call.Services.Options.Calls.AloneTimeout.OrZero();
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

    /// <summary>Audio has failed that was offered: who was offered it is out, the others go on ringing.</summary>
    public void OnAudioFailed(CallAudio audio, CallEnd why)
    {
        var concerned = _branches.Where(b => ReferenceEquals(b.Audio, audio) && b.IsRinging).ToArray();
        _offers.Forget(audio);
        foreach (var branch in concerned)
        {
            if (_call.HasEnded)
                return;
            branch.Cancel(why.CancelReason);
            branch.Fail(why.Cause, why.Status, why.Reason);
            Carry(_group.OnReport(branch, RingReport.Gone(why.Status == 0 ? 480 : why.Status)));
        }
    }

    public override void Close()
    {
        _ring.Cancel();
        _groupTime.Cancel();
        foreach (var branch in _branches)
            branch.Close();
        _offers.Close();
    }

    void ISentInviteUser.OnProvisional(SentInvite invite, CallDialog? dialog, SipMessage response, bool isReliable)
    {
        _earlyAnswers.Add(response);
        _call.ReportRinging();
        if (dialog is not null && (isReliable || HearsEarly) && SdpBody.TryFind(response, out var sdp) == SdpBodyResult.Found)
        {
            _offers.Choose(BranchOf(invite), invite.Target.Flow);
            OnEarlyAnswer(dialog, sdp, isReliable);
        }
    }

    void ISentInviteUser.OnAnswered(SentInvite invite, CallDialog dialog, SipMessage response)
    {
        Carry(_group.OnReport(BranchOf(invite), RingReport.Answered));
        _offers.Choose(BranchOf(invite), invite.Target.Flow);
        _call.Dialog = dialog;
        _call.Audio!.Rtp.Confirm();
        _call.Audio.IsBehindProxy = dialog.IsBehindProxy;
        // RFC 6337 §3.1.1: what an unreliable 18x has told counts no more than what the 2xx says; a reliable one had the answer.
        var isTold = SdpBody.TryFind(response, out _) == SdpBodyResult.Found && !dialog.HasEarlyAnswer;
        _call.Audio.Focus(dialog.Fork, again: isTold);
        if (_call.Audio.IsNegotiating && _call.TryAcceptAnswer(_earlyAnswers.Of(response)) is { } why)
        {
            _call.End(new CallEnd(why.Cause, 488, $"the answer can't be used: {why.Reason}"));
            return;
        }

        _call.Audio.OnChosen();
        _call.RemoteHeaders = MessageHeaders.Copy(response);
        _call.OnAnswered();
    }

    void ISentInviteUser.OnFailed(SentInvite invite, int status, SipMessage? response)
    {
        _call.Note("target", $"{invite.Target.RequestUri} has failed with {status}{(response is null ? " (no response)" : "")}");
        var branch = BranchOf(invite);
        // RFC 3263 §4.3: no response, no way there, or a 503: the next address of the same name.
        if ((response is null || status == 503) && branch.TryNextPlace(_call.Services.Stack))
        {
            Send(branch);
            return;
        }

        if (response is null)
        {
            _offers.Drop(branch);
            branch.Fail(CallEndCause.Gone, status, status == 408 ? "the phone does not respond" : "the connection to the phone is gone");
            Carry(_group.OnReport(branch, RingReport.Gone(status)));
            return;
        }

        if (branch.TryStrictly(status))
        {
            Send(branch);
            return;
        }

        _offers.Drop(branch);
        branch.Fail(response);
        if (!RedirectPlan.IsRedirect(status) || !TryFollow(branch, response))
            Carry(_group.OnReport(branch, RingReport.Failed(status)));
    }

    private bool HearsEarly => _options.EarlyMedia ?? _call.Services.Options.Calls.EarlyMedia;

    // RFC 3262 §5: the answer in a reliable response is the answer. In any other it only foretells it, but what is said can be heard.
    private void OnEarlyAnswer(CallDialog dialog, ReadOnlySpan<byte> sdp, bool isReliable)
    {
        var audio = _call.Audio!;
        audio.Focus(dialog.Fork);
        if (audio.IsNegotiating)
        {
            audio.IsBehindProxy = dialog.IsBehindProxy;
            // One that can't be used is told of when the call is answered.
            if (_call.TryAcceptAnswer(sdp) is not null)
                return;
        }

        if (isReliable)
        {
            dialog.Guard.OnAnswered();
            dialog.HasEarlyAnswer = true;
        }

        if (!HearsEarly)
            return;
        audio.Rtp.Confirm();
        _call.StartAudio();
    }

    private void Invite()
    {
        _call.Events.Connecting();
        _ring.Set(_options.RingTimeout ?? _call.Services.Options.Calls.RingTimeout);
        Carry(_group.Begin());
    }

    private void Carry(RingStep<RingBranch> step)
    {
        switch (step)
        {
            case RingStep<RingBranch>.Answer answer:
                Cancel(answer.Others, CallEnd.ElsewhereReason);
                break;
            case RingStep<RingBranch>.Ring ring:
                Cancel(ring.Cancelled, _nobody.CancelReason);
                // Another group may be waiting, of the user's phones or of a redirection.
                if (_group.HasMore)
                    _groupTime.Set(_options.RingTimePerGroup);
                foreach (var branch in ring.Targets)
                {
                    if (!_call.HasEnded)
                        Send(branch);
                }

                break;
            case RingStep<RingBranch>.Fail { HasBest: true, Best: { } best } fail:
                Cancel(fail.Cancelled, best.Failure.Status >= 600 ? ReasonView.Format("SIP", best.Failure.Status) : _nobody.CancelReason);
                _call.RemoteHeaders = best.Headers;
                _call.End(best.Failure);
                break;
            case RingStep<RingBranch>.Fail:
                _call.End(_nobody);
                break;
        }
    }

    private void Send(RingBranch branch)
    {
        if (_offers.TryGet(branch, out var offer) is { } refusal)
        {
            branch.Fail(refusal.IsForEncryption ? refusal.Cause : CallEndCause.Failed, refusal.Status, refusal.Reason);
            Carry(_group.OnReport(branch, RingReport.Gone(refusal.Status)));
            return;
        }

        var options = _options with { Credentials = branch.Target.Credentials };
        var message = new OutgoingInvite(_call.Services.Stack, branch.Target, _call.Info, branch.FromTag, options, offer, _call.Hops);
        if (branch.FirstCSeq is { } cseq)
            message.Builder.CSeq = cseq;
        var invite = new SentInvite(_call, branch.Target, message, this);
        branch.Invite = invite;
        _call.Debts.Add(invite);
        try
        {
            invite.Send();
        }
        catch (ArgumentException unusable)
        {
            // What a phone has registered, or the host wants called, can be read but not be written into a request.
            branch.Cancel("");
            _offers.Drop(branch);
            branch.Fail(CallEndCause.Failed, 400, unusable.Message);
            Carry(_group.OnReport(branch, RingReport.Gone(400)));
        }
    }

    // RFC 3261 §8.1.3.4
    private bool TryFollow(RingBranch branch, SipMessage response)
    {
        if (_redirects.Follow(RedirectTargets.Read(response)) is not { Count: > 0 } contacts)
            return false;
        branch.Wait(new RedirectLookup(_call, contacts, branch.Target, found => OnFound(branch, found)));
        return true;
    }

    private void OnFound(RingBranch branch, IReadOnlyList<IReadOnlyList<OutboundTarget>> found)
    {
        var groups = found
            .Select(group => NewBranches([.. group.Where(target => _redirects.TryAdd(target.RequestUri))], branch))
            .Where(group => group.Count > 0)
            .ToList();
        Carry(groups.Count > 0 ? _group.OnRedirected(branch, groups) : _group.OnReport(branch, RingReport.Failed(branch.Failure.Status)));
    }

    private List<RingBranch> NewBranches(IReadOnlyList<OutboundTarget> targets, RingBranch? origin)
    {
        var branches = new List<RingBranch>(targets.Count);
        foreach (var target in targets)
        {
            // RFC 3261 §8.1.3.4: From stays the same; of several that ring instead of one, with the first.
            var goesOn = origin is not null && !_branches.Exists(b => ReferenceEquals(b.Origin, origin));
            var branch = goesOn
                ? new RingBranch(target, origin!.FromTag, origin.NextCSeq, origin)
                : new RingBranch(target, _call.Services.Stack.Ids.NewTag(), null, origin);
            _branches.Add(branch);
            branches.Add(branch);
        }

        return branches;
    }

    private RingBranch BranchOf(SentInvite invite) => _branches.Find(b => ReferenceEquals(b.Invite, invite))!;

    private void Cancel(IReadOnlyList<RingBranch> branches, string reason)
    {
        foreach (var branch in branches)
        {
            branch.Cancel(reason);
            _offers.Drop(branch);
        }
    }
}
