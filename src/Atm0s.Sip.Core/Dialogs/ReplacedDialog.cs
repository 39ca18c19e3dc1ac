namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What a Replaces field has found (RFC 3891 §3).</summary>
internal enum ReplacedDialog : byte
{
    /// <summary>No dialog, more than one, or one that no INVITE has made.</summary>
    None,

    /// <summary>An early dialog of an INVITE that we have sent.</summary>
    EarlyOwn,

    /// <summary>An early dialog of an INVITE that we have received.</summary>
    EarlyPeer,

    /// <summary>A confirmed dialog.</summary>
    Confirmed,

    /// <summary>A dialog that is over.</summary>
    Ended,
}
