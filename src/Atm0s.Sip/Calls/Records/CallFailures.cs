using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Records;

/// <summary>Which ends of a call are failures: somebody will ask for the reason.</summary>
internal static class CallFailures
{
    /// <summary>Whether a call ended as neither side had wanted.</summary>
    /// <param name="cause">Why it ended.</param>
    /// <param name="wasAnswered">Whether it had been answered.</param>
    public static bool HasFailed(CallEndCause cause, bool wasAnswered) => cause switch
    {
        CallEndCause.RemoteHangup or CallEndCause.LocalHangup or CallEndCause.Cancelled or CallEndCause.OthersLeft
            or CallEndCause.Redirected or CallEndCause.Transferred or CallEndCause.TransferredByUs or CallEndCause.Replaced
            or CallEndCause.Shutdown => false,
        CallEndCause.Rejected => !wasAnswered,
        _ => true,
    };
}
