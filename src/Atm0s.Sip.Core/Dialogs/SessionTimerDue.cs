namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What a <see cref="SessionTimer"/> wants at a deadline.</summary>
internal enum SessionTimerDue : byte
{
    /// <summary>Nothing is due.</summary>
    None,

    /// <summary>Send an UPDATE without an offer, or a re-INVITE with one (RFC 4028 §7.4, §10).</summary>
    Refresh,

    /// <summary>The session is over: send a BYE (RFC 4028 §10).</summary>
    Expire,
}
