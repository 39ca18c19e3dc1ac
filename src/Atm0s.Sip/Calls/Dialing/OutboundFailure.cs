using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>What a final failure response means to the host (RFC 3261 §21.4 to §21.6).</summary>
internal static class OutboundFailure
{
    public static (CallEndCause Cause, string Reason) FromStatus(int status) => status switch
    {
        486 or 600 => (CallEndCause.Busy, "the called side is busy"),
        603 or 403 or 607 or 608 => (CallEndCause.Declined, "the called side declined"),
        408 or 480 => (CallEndCause.NoAnswer, "nobody answered"),
        404 or 410 or 604 => (CallEndCause.Gone, "the phone is not there"),
        401 or 407 => (CallEndCause.Unauthorized, "the called side refused our credentials"),
        487 => (CallEndCause.Cancelled, "the call was cancelled"),
        >= 300 and < 400 => (CallEndCause.Redirected, "the called side wants to be called elsewhere"),
        488 or 606 or 415 => (CallEndCause.MediaNegotiation, "no common codec"),
        // RFC 3261 §8.1.3.2: what is not known counts as the x00 of its class.
        >= 600 => (CallEndCause.Busy, "the called side is busy"),
        _ => (CallEndCause.Failed, "the called side refused the call"),
    };
}
