using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Tells <c>/call</c> what happens to calls, when <see cref="HttpHookOptions.CallEvents"/> says so. Fails open.</summary>
internal sealed class HttpCallObserver(HookClient client, IOptions<HttpHookOptions> options, ILogger<HookClient> logger) : ICallObserver
{
    public async ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (!options.Value.CallEvents)
            return;
        try
        {
            // Status 2xx is all that is asked of the answer.
            await client.AskAsync(
                HookClient.Events,
                "call",
                callEvent.Call.CallId,
                CallEventMessage.From(callEvent),
                HookContracts.Wire.CallHookEvent,
                static _ => true,
                cancellationToken).ConfigureAwait(false);
        }
        catch (HookCallException)
        {
            HookLog.EventDropped(logger, "call", LogText.Escape(callEvent.Call.CallId));
        }
    }
}
