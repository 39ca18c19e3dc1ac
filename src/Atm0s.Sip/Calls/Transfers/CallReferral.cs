using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Transfers;

/// <summary>
/// Why an outgoing call was made: a REFER asked for it. Says what belongs into its INVITE, and tells the call that asked how it goes. The
/// reports come on the shard of the outgoing call and are posted to that of the other one.
/// </summary>
/// <param name="referrer">The call that asked.</param>
/// <param name="fields">Fields of the INVITE (Referred-By, Replaces).</param>
internal sealed class CallReferral(Call referrer, IReadOnlyList<(SipHeaderId Id, string Value)> fields)
{
    /// <summary>The call that asked.</summary>
    public Call Referrer => referrer;

    /// <summary>Fields of the INVITE.</summary>
    public IReadOnlyList<(SipHeaderId Id, string Value)> Fields => fields;

    /// <summary>Runs on the shard of the call that asked when the target rings.</summary>
    public required Action Ringing { get; init; }

    /// <summary>Runs there when the target has answered, or did not: with 200, or the status that says why. The first counts.</summary>
    public required Action<int> Settled { get; init; }

    /// <summary>The target rings.</summary>
    public void OnRinging() => referrer.Post(Ringing);

    /// <summary>The target has answered.</summary>
    public void OnAnswered() => referrer.Post(() => Settled(200));

    /// <summary>The call to the target is over.</summary>
    public void OnEnded(CallEndCause cause, int status) => referrer.Post(() => Settled(StatusOf(cause, status)));

    /// <summary>What a NOTIFY says of a call that came to nothing (RFC 3515 §2.4.5).</summary>
    public static int StatusOf(CallEndCause cause, int status) => status is >= 300 and <= 699 ? status : cause switch
    {
        CallEndCause.NoAnswer => 480,
        CallEndCause.Busy => 486,
        CallEndCause.Declined => 603,
        CallEndCause.Gone => 404,
        CallEndCause.MediaNegotiation or CallEndCause.EncryptionFailed => 488,
        CallEndCause.LocalHangup or CallEndCause.Cancelled or CallEndCause.OthersLeft or CallEndCause.RemoteHangup => 487,
        CallEndCause.Shutdown => 503,
        _ => 500,
    };
}
