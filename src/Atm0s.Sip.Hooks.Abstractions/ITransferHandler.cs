namespace Atm0s.Sip.Hooks;

/// <summary>
/// Decides what becomes of a phone's wish to be transferred: a REFER inside its call (RFC 3515). The phone waits for its answer meanwhile.
/// </summary>
/// <remarks>
/// One added by type is made once, and asked from many threads at once (<c>SipServerBuilder</c> says how to have one made anew for each
/// question). Without a handler every REFER is answered 603 (Decline), for a transfer makes a call that
/// somebody pays for. An exception is answered with 500, a time-out (at most 25 s, so that the REFER has its answer in time) with 503 and
/// <c>Retry-After</c>; a call that ends meanwhile answers 487.
/// </remarks>
public interface ITransferHandler
{
    /// <summary>Decides about one wish.</summary>
    /// <param name="transfer">Who wants to be transferred where.</param>
    /// <param name="cancellationToken">Cancelled when the call ends, the time-out passes or the server stops.</param>
    ValueTask<TransferDecision> HandleTransferAsync(TransferRequest transfer, CancellationToken cancellationToken);
}
