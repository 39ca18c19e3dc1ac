using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

internal sealed class ClientLog : Log, IClientTransactionOutput
{
    internal List<TransactionState> StatesSeenByUser { get; } = [];

    public bool Send(ClientTransaction transaction, ReadOnlyMemory<byte> message) => AddSend(message);

    public void OnResponse(ClientTransaction transaction, SipMessage response)
    {
        StatesSeenByUser.Add(transaction.State);
        Add($"tu {response.StatusCode}");
    }

    public void OnTimeout(ClientTransaction transaction) => Add("timeout");

    public void OnTransportError(ClientTransaction transaction) => Add("transport error");

    public void OnTerminated(ClientTransaction transaction) => Add("terminated");
}
