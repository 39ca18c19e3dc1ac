using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Tests.Transactions;

internal sealed class ServerLog : Log, IServerTransactionOutput
{
    public bool Send(ServerTransaction transaction, ReadOnlyMemory<byte> response) => AddSend(response);

    public void OnAck(ServerTransaction transaction, SipMessage ack) => Add("tu ACK");

    public void OnTimeout(ServerTransaction transaction)
    {
        Add("timeout");
        // RFC 4320 §4.2: too late to answer.
        Assert.That(transaction.Respond(Now, 200, Msg.ResponseBytes(200)), Is.False);
        Assert.That(transaction.IsTerminated, Is.True);
    }

    public void OnTransportError(ServerTransaction transaction) => Add("transport error");

    public void OnTerminated(ServerTransaction transaction) => Add("terminated");
}
