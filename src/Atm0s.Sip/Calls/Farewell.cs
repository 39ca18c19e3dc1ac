using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Calls;

/// <summary>A CANCEL on its way: its answer changes nothing, but a stopping server waits for it.</summary>
internal sealed class Farewell : IClientExchangeUser
{
    private readonly CallDirectory _calls;
    private bool _done;

    public Farewell(CallDirectory calls)
    {
        _calls = calls;
        calls.FarewellSent();
    }

    public void OnResponse(SipShard shard, ClientExchange exchange, SipMessage response)
    {
        if (response.StatusCode >= 200)
            Done();
    }

    public void OnTimeout(SipShard shard, ClientExchange exchange) => Done();

    public void OnTransportError(SipShard shard, ClientExchange exchange) => Done();

    private void Done()
    {
        if (_done)
            return;
        _done = true;
        _calls.FarewellDone();
    }
}
