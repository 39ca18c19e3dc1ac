using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>Owner of a dialog: gets the requests that arrive inside it. Called on the dialog's shard only.</summary>
internal interface IDialogUser
{
    /// <summary>
    /// A request inside the dialog that matched no transaction; ACK of a 2xx included. The dialog's CSeq has not been checked yet.
    /// </summary>
    /// <param name="shard">The shard of the dialog.</param>
    /// <param name="flow">Where it came from.</param>
    /// <param name="request">The request; disposed by the caller afterwards.</param>
    void OnRequest(SipShard shard, SipFlow flow, SipMessage request);
}
