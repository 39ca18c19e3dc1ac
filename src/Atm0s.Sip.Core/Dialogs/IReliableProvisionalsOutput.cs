namespace Atm0s.Sip.Core.Dialogs;

/// <summary>Where a <see cref="ReliableProvisionals"/> sends to and reports to; one object may serve many.</summary>
internal interface IReliableProvisionalsOutput
{
    /// <summary>Passes a response to the INVITE's server transaction: the first time, and each repetition.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="response">The whole response, unchanged until its PRACK.</param>
    void Send(ReliableProvisionals sender, ReadOnlyMemory<byte> response);

    /// <summary>No PRACK within 64*T1: refuse the INVITE with a 5xx (RFC 3262 §3).</summary>
    /// <param name="sender">The sender.</param>
    void OnTimeout(ReliableProvisionals sender);
}
