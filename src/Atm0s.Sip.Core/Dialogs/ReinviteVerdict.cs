namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What to do with an INVITE within a dialog (RFC 3261 §14.2).</summary>
internal enum ReinviteVerdict : byte
{
    /// <summary>Process it.</summary>
    Ok,

    /// <summary>An earlier INVITE of the peer has no final response yet: 500 with Retry-After, random 0 to 10 s.</summary>
    PeerPending,

    /// <summary>An INVITE of ours is in progress: 491.</summary>
    OwnPending,
}
