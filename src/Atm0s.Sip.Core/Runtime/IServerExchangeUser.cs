using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>Who answers a request: told what happens to its transaction afterwards. Called on the shard.</summary>
internal interface IServerExchangeUser
{
    /// <summary>The caller cancelled (RFC 3261 §9.2). The CANCEL has its 200 already; the INVITE still wants its 487.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="exchange">The exchange of the INVITE.</param>
    /// <param name="cancel">The CANCEL; disposed by the caller afterwards.</param>
    void OnCancel(SipShard shard, ServerExchange exchange, SipMessage cancel);

    /// <summary>The final failure response was never acknowledged (timer H), or could not be sent.</summary>
    void OnFailed(SipShard shard, ServerExchange exchange);
}
