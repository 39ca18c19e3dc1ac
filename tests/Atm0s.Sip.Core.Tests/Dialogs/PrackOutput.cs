using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

internal sealed class PrackOutput : Log, IReliableProvisionalsOutput
{
    public void Send(ReliableProvisionals sender, ReadOnlyMemory<byte> response) => AddSend(response);

    public void OnTimeout(ReliableProvisionals sender) => Add("timeout");
}
