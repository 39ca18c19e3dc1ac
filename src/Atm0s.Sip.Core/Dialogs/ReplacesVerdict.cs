namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What to do with an INVITE with Replaces (RFC 3891 §3).</summary>
internal enum ReplacesVerdict : byte
{
    /// <summary>There is no Replaces: an INVITE as any other.</summary>
    Ordinary,

    /// <summary>Accept it with a 2xx, then end the replaced dialog with a BYE.</summary>
    ReplaceAndBye,

    /// <summary>Accept it with a 2xx, then end the replaced dialog with a CANCEL.</summary>
    ReplaceAndCancel,

    /// <summary>400: it cannot be read, stands there twice or in another request.</summary>
    BadRequest,

    /// <summary>403: the caller may not replace this dialog.</summary>
    Forbidden,

    /// <summary>481: no such dialog.</summary>
    NoDialog,

    /// <summary>486: only an early dialog was to be replaced, and this one is answered.</summary>
    Busy,

    /// <summary>603: the dialog is over.</summary>
    Declined,
}
