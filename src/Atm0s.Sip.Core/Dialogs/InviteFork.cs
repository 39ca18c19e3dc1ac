namespace Atm0s.Sip.Core.Dialogs;

/// <summary>One of the dialogs that an INVITE of ours has made (RFC 3261 §12.1.2, §13.2.2.4).</summary>
/// <param name="dialog">The dialog.</param>
internal sealed class InviteFork(SipDialog dialog)
{
    /// <summary>The dialog.</summary>
    public SipDialog Dialog { get; } = dialog;

    /// <summary>Its reliable provisional responses.</summary>
    public ReliableResponses Reliable { get; } = new();

    /// <summary>Whether its 2xx has come.</summary>
    public bool IsAnswered { get; internal set; }
}
