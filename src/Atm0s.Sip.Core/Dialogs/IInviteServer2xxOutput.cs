namespace Atm0s.Sip.Core.Dialogs;

/// <summary>Where an <see cref="InviteServer2xx"/> sends to and reports to; one object may serve many.</summary>
internal interface IInviteServer2xxOutput
{
    /// <summary>Sends the 2xx to where the INVITE came from.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="response">The whole 2xx, unchanged while the sender lives.</param>
    void Send(InviteServer2xx sender, ReadOnlyMemory<byte> response);

    /// <summary>No ACK within 64*T1: the dialog is confirmed, the session should be ended with a BYE (RFC 3261 §13.3.1.4).</summary>
    /// <param name="sender">The sender.</param>
    void OnTimeout(InviteServer2xx sender);
}
