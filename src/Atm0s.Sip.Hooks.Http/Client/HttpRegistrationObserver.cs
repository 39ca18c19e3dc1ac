using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Tells <c>/register</c> and <c>/unregister</c>. Fails open: the phone has its answer already.</summary>
internal sealed class HttpRegistrationObserver(HookClient client, IOptions<HttpHookOptions> options, ILogger<HookClient> logger)
    : IRegistrationObserver
{
    public ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken) =>
        registration.IsRefresh && !options.Value.TellRefreshes ? ValueTask.CompletedTask
            : TellAsync("register", registration, cancellationToken);

    public ValueTask OnUnregisteredAsync(RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken) =>
        TellAsync("unregister", registration, cancellationToken);

    private async ValueTask TellAsync(string hook, RegistrationInfo registration, CancellationToken cancellationToken)
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
        }
        catch (HookCallException)
        {
            HookLog.EventDropped(logger, hook, LogText.Escape(registration.SessionId));
        }
    }
}
