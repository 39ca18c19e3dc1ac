namespace Atm0s.Sip;

/// <summary>How a transfer that the host asked a phone for has gone.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="StatusCode">
/// The SIP status code that said so: of the answer to the REFER for <see cref="TransferStatus.Refused"/>, of the phone's own call for
/// <see cref="TransferStatus.Completed"/> and <see cref="TransferStatus.Failed"/>; 0 when there was none.
/// </param>
public sealed record TransferResult(TransferStatus Status, int StatusCode = 0);
