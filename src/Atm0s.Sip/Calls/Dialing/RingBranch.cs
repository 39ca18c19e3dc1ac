using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Debts;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>One target of a call that rings: its INVITE, and what has come of it. On the call's shard only.</summary>
/// <param name="target">Whom it rings.</param>
/// <param name="fromTag">Tag of its From: another for each that may ring at the same time, so that no two dialogs are one.</param>
/// <param name="firstCSeq">Number of its INVITE, or null for any.</param>
/// <param name="origin">Who has redirected the call there, or null.</param>
internal sealed class RingBranch(OutboundTarget target, string fromTag, uint? firstCSeq = null, RingBranch? origin = null)
{
    private IReadOnlyList<KeyValuePair<string, string>>? _headers;
    private RedirectLookup? _lookup;

    public OutboundTarget Target { get; private set; } = target;

    public string FromTag { get; } = fromTag;

    /// <summary>Who has redirected the call here, or null.</summary>
    public RingBranch? Origin { get; } = origin;

    /// <summary>Number of the next INVITE that it begins with, or null for any.</summary>
    public uint? FirstCSeq { get; private set; } = firstCSeq;

    /// <summary>The INVITE that is on its way.</summary>
    public SentInvite? Invite { get; set; }

    /// <summary>Whether the target may answer yet.</summary>
    public bool IsRinging => Invite is { IsRinging: true };

    /// <summary>The audio that it was offered last.</summary>
    public CallAudio? Audio { get; set; }

    /// <summary>Whether that was plain RTP with keys in it (RFC 8643).</summary>
    public bool IsOpportunistic { get; set; }

    /// <summary>Whether it is offered no plain RTP.</summary>
    public bool IsStrict { get; private set; }

    /// <summary>How it has ended.</summary>
    public CallEnd Failure { get; private set; }

    /// <summary>Fields of the response that ended it; of who sent the call there, when there is none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers ?? Origin?.Headers ?? [];

    /// <summary>The number that follows that of its last INVITE.</summary>
    public uint NextCSeq => Invite!.Message.Builder.CSeq + 1;

    /// <summary>Goes on to the next address of the same name (RFC 3263 §4.3); false when there is none.</summary>
    public bool TryNextPlace(SipStack stack)
    {
        for (var i = 0; i < Target.OtherPlaces.Count; i++)
        {
            if (stack.TryGetFlow(Target.Flow.Protocol, Target.OtherPlaces[i], Target.Peer) is not { } flow)
                continue;
            FirstCSeq = NextCSeq;
            Target = Target with { Flow = flow, OtherPlaces = [.. Target.OtherPlaces.Skip(i + 1)] };
            return true;
        }

        return false;
    }

    /// <summary>
    /// Goes on with an offer of secure RTP alone: a phone that speaks nothing else refuses plain RTP with keys in it (RFC 8643 §3), which
    /// others take.
    /// </summary>
    /// <param name="status">What it has refused the last one with.</param>
    public bool TryStrictly(int status)
    {
        if (status is not (488 or 606 or 415) || !IsOpportunistic || IsStrict)
            return false;
        IsStrict = true;
        FirstCSeq = NextCSeq;
        return true;
    }

    /// <summary>It has ended without any response.</summary>
    public void Fail(CallEndCause cause, int status, string reason) =>
        Failure = new CallEnd(cause, status, reason, Failure: Origin?.Failure.Failure);

    /// <summary>It has ended with a response.</summary>
    public void Fail(SipMessage response)
    {
        var (cause, reason) = OutboundFailure.FromStatus(response.StatusCode);
        _headers = MessageHeaders.Copy(response);
        Failure = new CallEnd(cause, response.StatusCode, reason, Failure: FailureReader.Read(response));
    }

    /// <summary>Waits for where it is to go instead.</summary>
    public void Wait(RedirectLookup lookup)
    {
        _lookup = lookup;
        lookup.Start();
    }

    /// <summary>It is not wanted any more.</summary>
    /// <param name="reason">Value of Reason (RFC 3326) in its CANCEL.</param>
    public void Cancel(string reason)
    {
        _lookup?.Dispose();
        Invite?.Cancel(reason);
    }

    /// <summary>Nothing is looked up for it any more.</summary>
    public void Close() => _lookup?.Dispose();
}
