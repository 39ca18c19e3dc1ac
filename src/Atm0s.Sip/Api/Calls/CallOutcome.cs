using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>What became of the attempt to set up a call.</summary>
/// <param name="IsAnswered">True when it was answered.</param>
/// <param name="Cause">Why not, when it was not: <see cref="CallEndCause.Busy"/>, <see cref="CallEndCause.Declined"/>,
/// <see cref="CallEndCause.NoAnswer"/>,
/// <see cref="CallEndCause.Gone"/> and others; null when it was.</param>
/// <param name="StatusCode">The final SIP status code: 200 when answered, else the one that ended it; 0 when there was none.</param>
public sealed record CallOutcome(bool IsAnswered, CallEndCause? Cause, int StatusCode)
{
    /// <summary>What the called side said beside the status code; null when it said no more.</summary>
    public CallFailure? Failure { get; init; }
}
