using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Fuzz.Targets;

/// <summary>Takes what the server says, and says nothing.</summary>
internal sealed class SilentSink : ISipTransportSink
{
    public void OnMessage(SipFlow flow, SipMessage message) => message.Dispose();

    // The answer to a bad request has its bad fields.
    public void OnRefused(SipRefusal refusal, int bytes)
    {
    }

    public void OnFlowClosed(SipFlow flow)
    {
    }
}
