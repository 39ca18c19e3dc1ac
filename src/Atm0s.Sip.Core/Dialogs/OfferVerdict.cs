namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What to do with an INVITE, UPDATE or PRACK within a dialog (RFC 3261 §14.2, RFC 3311 §5.2).</summary>
internal enum OfferVerdict : byte
{
    /// <summary>Process it.</summary>
    Ok,

    /// <summary>An earlier request or offer of the peer is not answered yet: 500 with Retry-After, random 0 to 10 s.</summary>
    PeerPending,

    /// <summary>A request or offer of ours is not answered yet: 491.</summary>
    OwnPending,
}
