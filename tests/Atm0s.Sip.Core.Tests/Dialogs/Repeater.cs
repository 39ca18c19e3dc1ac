using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Tests.Transactions;

namespace Atm0s.Sip.Core.Tests.Dialogs;

internal sealed class Repeater : Log, IInviteServer2xxOutput
{
    public void Send(InviteServer2xx sender, ReadOnlyMemory<byte> response) => AddSend(response);

    public void OnTimeout(InviteServer2xx sender) => Add("timeout");
}
