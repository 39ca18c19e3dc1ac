using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>Has a dialog told when the connection is gone that is its only way, and lets it alone where there are others.</summary>
internal sealed class FollowedConnection(CallDialog dialog)
{
    public void Add(SipFlow flow)
    {
        if (flow.Protocol.IsWebSocket())
            dialog.Call.Services.Connections.Add(flow, dialog);
    }

    public void Remove(SipFlow flow)
    {
        if (flow.Protocol.IsWebSocket())
            dialog.Call.Services.Connections.Remove(flow, dialog);
    }
}
