using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls;

/// <summary>Why a call ends.</summary>
/// <param name="Cause">For the host.</param>
/// <param name="Status">Code of the response that ended it, or with which an INVITE that is still open is refused; 0 for none.</param>
/// <param name="Reason">A sentence for the log and for the Reason field (RFC 3326).</param>
/// <param name="Phrase">Reason phrase of the refusal, or null for the standard one.</param>
/// <param name="Warning">Value of the Warning field of the refusal (RFC 3261 §20.43), or null.</param>
/// <param name="Failure">What the called side said beside its status code, or null.</param>
internal readonly record struct CallEnd(
    CallEndCause Cause, int Status, string Reason, string? Phrase = null, string? Warning = null, CallFailure? Failure = null)
{
    /// <summary>Value of Reason in the CANCEL of a ringing phone when another one has answered: it lists no missed call.</summary>
    public const string ElsewhereReason = "SIP;cause=200;text=\"Call completed elsewhere\"";

    /// <summary>
    /// What an INVITE that still waits for its final response is answered; 487 when its caller says BYE (§15.1.2). A host that hands the
    /// code of another call on can't hand its fields on.
    /// </summary>
    public int FinalStatus => Cause == CallEndCause.RemoteHangup && Status == 0 ? 487
        : Status is < 400 or > 699 ? 480
        : Cause is CallEndCause.LocalHangup or CallEndCause.Rejected && CallerStatus.NeedsField(Status) ? 480
        : Status;

    /// <summary>Value of Reason in a BYE.</summary>
    public string ByeReason => ReasonOf(Cause switch
    {
        CallEndCause.MediaTimeout or CallEndCause.AckTimeout or CallEndCause.NoAnswer or CallEndCause.SessionExpired => 408,
        CallEndCause.MediaNegotiation or CallEndCause.EncryptionFailed => 488,
        CallEndCause.Shutdown => 503,
        CallEndCause.Failed => 500,
        _ => 200,
    });

    /// <summary>Value of Reason in a CANCEL: 200 says that the call is not wanted any more, and no phone lists it as missed.</summary>
    public string CancelReason => ReasonOf(Cause switch
    {
        CallEndCause.NoAnswer => 408,
        CallEndCause.Shutdown => 503,
        CallEndCause.OthersLeft or CallEndCause.Cancelled => 487,
        _ => 200,
    });

    /// <summary>An end that a description brings about which can't be used.</summary>
    /// <param name="why">What is wrong with it.</param>
    /// <param name="agent">Host and port of ours that the peer knows.</param>
    public static CallEnd From(CallRefusal why, string agent) => new(
        why.Cause,
        why.Status,
        why.Reason,
        Warning: why.WarningFrom(agent));

    private string ReasonOf(int code) => $"SIP;cause={code};text=\"{Reason.Replace('\\', '/').Replace('"', '\'')}\"";
}
