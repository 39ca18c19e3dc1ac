namespace Atm0s.Sip.Core.Dialogs;

/// <summary>State of a dialog (RFC 3261 §12).</summary>
internal enum DialogState : byte
{
    /// <summary>Made by a provisional response.</summary>
    Early,

    /// <summary>Made or confirmed by a 2xx.</summary>
    Confirmed,

    /// <summary>Over: a final error response (early), BYE, or given up.</summary>
    Terminated,
}
