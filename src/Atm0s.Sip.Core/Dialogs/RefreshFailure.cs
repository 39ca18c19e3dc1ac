namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What follows when an INVITE or UPDATE within a dialog got no 2xx (RFC 4028 §7.3, §10).</summary>
internal enum RefreshFailure : byte
{
    /// <summary>The session goes on until it expires; the timer says when to try again.</summary>
    Keep,

    /// <summary>Send it again now: with a larger interval (422), or as an INVITE, for the peer has no UPDATE (405, 501).</summary>
    Retry,

    /// <summary>491: wait (<see cref="OfferGuard.BackOff"/>), then send it again.</summary>
    RetryLater,

    /// <summary>408, 481, time-out, or a peer that cannot be reached by this dialog any more: send a BYE.</summary>
    End,
}
