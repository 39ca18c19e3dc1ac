using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Tells <c>/register</c> and <c>/unregister</c>. Fails open: the phone has its answer already.</summary>
internal sealed class HttpRegistrationObserver(
    HookClient client, UntoldRegistrations untold, IOptions<HttpHookOptions> options, ILogger<HookClient> logger) : IRegistrationObserver
{
    public async ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken)
    {
        if (registration.IsRefresh && !options.Value.TellRefreshes && !untold.Contains(registration.SessionId))
            return;
        // Until it has worked: the server may give up first.
        untold.Set(registration.SessionId, isUntold: true);
        var wasTold = await TellAsync("register", registration, cancellationToken).ConfigureAwait(false);
        untold.Set(registration.SessionId, !wasTold);
    }

    public async ValueTask OnUnregisteredAsync(
        RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken)
    {
        untold.Set(registration.SessionId, isUntold: false);
        await TellAsync("unregister", registration, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> TellAsync(string hook, RegistrationInfo registration, CancellationToken cancellationToken)
    {
        var told = new RegistrationHookRequest { Username = registration.Username, Realm = registration.Realm,
            SessionId = registration.SessionId };
        try
        {
            var answer = await client.AskAsync(
                HookClient.Events,
                hook,
                registration.SessionId,
                told,
                HookContracts.Wire.RegistrationHookRequest,
                static body => HookJson.Read(body, HookContracts.Wire.RegistrationHookResponse),
                cancellationToken).ConfigureAwait(false);
            if (!answer.Success)
                HookLog.NotNoted(logger, hook, LogText.Escape(registration.SessionId));
            return answer.Success;
        }
        catch (HookCallException)
        {
            HookLog.EventDropped(logger, hook, LogText.Escape(registration.SessionId));
            return false;
        }
    }
}
