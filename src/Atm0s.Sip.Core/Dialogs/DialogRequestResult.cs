namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What a dialog says to a request within it (RFC 3261 §12.2.2).</summary>
internal enum DialogRequestResult : byte
{
    /// <summary>In order: process it.</summary>
    Ok,

    /// <summary>CSeq is not above the last one: answer 500.</summary>
    OutOfOrder,

    /// <summary>Not of this dialog, or the dialog is over: answer 481.</summary>
    NoDialog,
}
