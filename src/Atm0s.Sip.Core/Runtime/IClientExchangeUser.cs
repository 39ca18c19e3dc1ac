using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>Who sent a request: told of its responses. Called on the shard.</summary>
internal interface IClientExchangeUser
{
    /// <summary>A response as the transaction passes it up: every provisional, one final, and for INVITE every 2xx (RFC 6026 §7).</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="exchange">The request's exchange.</param>
    /// <param name="response">The response; disposed by the caller afterwards.</param>
    void OnResponse(SipShard shard, ClientExchange exchange, SipMessage response);

    /// <summary>No final response came (timer B or F).</summary>
    void OnTimeout(SipShard shard, ClientExchange exchange);

    /// <summary>
    /// The request went over a connection that was there before, and that closed before anything was answered: the peer may have closed it
    /// before it could read the request. Finds the connection over which the same request goes once more, to the same place.
    /// </summary>
    /// <returns>Null when there is none: then the request has failed.</returns>
    SipFlow? Reopen(SipShard shard, ClientExchange exchange) => exchange.Flow.TryReopen();

    /// <summary>The request could not be sent, or its connection closed.</summary>
    void OnTransportError(SipShard shard, ClientExchange exchange);
}
