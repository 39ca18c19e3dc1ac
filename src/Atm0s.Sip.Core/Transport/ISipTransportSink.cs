using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transport;

/// <summary>What stands above the transports. Called on any thread, many at once; must not block.</summary>
public interface ISipTransportSink
{
    /// <summary>A message came. It may be a refused request that wants its answer (<see cref="SipMessage.Refusal"/>).</summary>
    /// <param name="flow">Where it came from.</param>
    /// <param name="message">The message; the sink owns it now.</param>
    void OnMessage(SipFlow flow, SipMessage message);

    /// <summary>Bytes came that are no message and get no answer.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="bytes">How many.</param>
    void OnRefused(SipRefusal refusal, int bytes);

    /// <summary>A connection is gone. Told once for each.</summary>
    void OnFlowClosed(SipFlow flow);

    /// <summary>The system dropped datagrams before they were read: its buffer was full.</summary>
    /// <param name="datagrams">How many more.</param>
    void OnReceiveOverflow(long datagrams)
    {
    }

    /// <summary>A message could not be sent over UDP, now or after <see cref="SipFlow.TrySend"/> had taken it.</summary>
    /// <param name="flow">The way it should have gone.</param>
    void OnSendFailed(SipFlow flow)
    {
    }
}
