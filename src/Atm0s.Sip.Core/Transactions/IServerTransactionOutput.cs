using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// Where a server transaction sends to and reports to. Given once at construction; one object may serve many transactions.
/// </summary>
internal interface IServerTransactionOutput
{
    /// <summary>Sends a response to where the request came from (RFC 3261 §18.2.2, RFC 3581).</summary>
    /// <param name="transaction">The sender.</param>
    /// <param name="response">The whole message; valid and unchanged for as long as the transaction lives.</param>
    /// <returns>False when the transport cannot send it (connection closed). A datagram that is merely lost counts as sent.</returns>
    bool Send(ServerTransaction transaction, ReadOnlyMemory<byte> response);

    /// <summary>
    /// RFC 6026 §7.1: an ACK came while the INVITE is accepted, so the peer has the 2xx. May come more than once. An ACK for a
    /// non-2xx response never gets here.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="ack">The ACK. It belongs to the caller of the transaction: valid until this call returns.</param>
    void OnAck(ServerTransaction transaction, SipMessage ack);

    /// <summary>
    /// INVITE: no ACK came for a 300-699 response (Timer H). Non-INVITE: the application gave no final response within 64*T1.
    /// <see cref="OnTerminated"/> follows.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    void OnTimeout(ServerTransaction transaction);

    /// <summary>A response could not be sent. The transaction lives on to absorb retransmissions (RFC 6026 §8.8).</summary>
    /// <param name="transaction">The transaction.</param>
    void OnTransportError(ServerTransaction transaction);

    /// <summary>
    /// From now on it has nothing to do but to know its repetitions (<see cref="ServerTransaction.Rest"/>): its owner may keep what is left
    /// of it instead of the machine, and calls <see cref="ServerTransaction.Leave"/> then. Else it goes on by itself.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    void OnQuiet(ServerTransaction transaction)
    {
    }

    /// <summary>The transaction is over and must be taken out of table and queue. Called once, last.</summary>
    /// <param name="transaction">The transaction.</param>
    void OnTerminated(ServerTransaction transaction);
}
