namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What a final response to a request of ours within a dialog ends (RFC 5057 §5.1).</summary>
internal enum UsageEffect : byte
{
    /// <summary>The request alone.</summary>
    None,

    /// <summary>The session of an INVITE (send a BYE) or the subscription that the request belongs to.</summary>
    EndsUsage,

    /// <summary>The dialog with all that lives in it: the peer cannot be reached by it any more. A BYE is worth a try.</summary>
    EndsDialog,
}
