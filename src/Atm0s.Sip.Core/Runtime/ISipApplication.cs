using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>What stands above the stack (RFC 3261 §5: the transaction user).</summary>
internal interface ISipApplication
{
    /// <summary>
    /// Whether a request is worked on at all. Asked for each, before anything is kept or queued for it, on the thread that received it:
    /// must be quick, allocate nothing and never throw.
    /// </summary>
    /// <param name="flow">Where it came from.</param>
    /// <param name="request">The request; it may be one that can't be read.</param>
    Admission Admit(SipFlow flow, SipMessage request) => Admission.Pass;

    /// <summary>
    /// A well-formed request outside any dialog and transaction; never ACK or CANCEL. It has passed the general checks of RFC 3261 §8.2.
    /// Answer it with <see cref="SipShard.Accept"/> (makes a transaction) or <see cref="SipShard.RespondStateless"/>.
    /// </summary>
    /// <param name="shard">The shard of the request's Call-ID; the call is on it.</param>
    /// <param name="flow">Where it came from.</param>
    /// <param name="request">The request; disposed by the caller afterwards.</param>
    void OnRequest(SipShard shard, SipFlow flow, SipMessage request);

    /// <summary>
    /// Whether a CANCEL comes from who has sent its INVITE (RFC 3261 §9.1: it takes the same way): else it is answered as if there were no
    /// INVITE. On the shard.
    /// </summary>
    /// <param name="invited">The way of the INVITE.</param>
    /// <param name="flow">The way of the CANCEL.</param>
    bool MayCancel(SipFlow invited, SipFlow flow) =>
        SourceKey.Of(invited.RemoteEndPoint.Address) == SourceKey.Of(flow.RemoteEndPoint.Address);

    /// <summary>A connection is gone. Called on any thread.</summary>
    void OnFlowClosed(SipFlow flow);
}
