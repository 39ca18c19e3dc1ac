using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>
/// Sees every message of the stack while it is set (<see cref="SipStack.Tap"/>). Called on the shards: must not block or throw.
/// </summary>
internal interface IWireTap
{
    /// <summary>A message that has come.</summary>
    void OnReceived(SipFlow flow, SipMessage message);

    /// <summary>A message on its way.</summary>
    void OnSent(SipFlow flow, ReadOnlySpan<byte> message);
}
