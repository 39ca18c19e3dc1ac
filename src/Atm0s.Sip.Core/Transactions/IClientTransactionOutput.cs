using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// Where a client transaction sends to and reports to. Given once at construction; one object may serve many transactions.
/// </summary>
internal interface IClientTransactionOutput
{
    /// <summary>Sends a request, or the ACK of a non-2xx response, to the destination of the transaction's request.</summary>
    /// <param name="transaction">The sender.</param>
    /// <param name="message">The whole message; valid and unchanged for as long as the transaction lives.</param>
    /// <returns>False when the transport cannot send it (connection closed): the transaction takes its transport error arrow. A
    /// datagram that is merely lost, also in a full queue, counts as sent.</returns>
    bool Send(ClientTransaction transaction, ReadOnlyMemory<byte> message);

    /// <summary>A response for the transaction user: provisional ones, the final one, and (INVITE) every 2xx for 64*T1.</summary>
    /// <param name="transaction">The transaction; its state is already the new one.</param>
    /// <param name="response">The response. It belongs to the caller of the transaction: valid until this call returns.</param>
    void OnResponse(ClientTransaction transaction, SipMessage response);

    /// <summary>No final response came in time: treat as 408 (RFC 3261 §8.1.3.1). <see cref="OnTerminated"/> follows.</summary>
    /// <param name="transaction">The transaction.</param>
    void OnTimeout(ClientTransaction transaction);

    /// <summary>The request (or an ACK) could not be sent: treat as 503 (RFC 3261 §8.1.3.1). <see cref="OnTerminated"/> follows.</summary>
    /// <param name="transaction">The transaction.</param>
    void OnTransportError(ClientTransaction transaction);

    /// <summary>The transaction is over and must be taken out of table and queue. Called once, last.</summary>
    /// <param name="transaction">The transaction.</param>
    void OnTerminated(ClientTransaction transaction);
}
