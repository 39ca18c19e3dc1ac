using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Watching;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Registrar;

/// <summary>Tells the observers, and whoever watches the server, what happens to registrations: each session's events in order.</summary>
internal sealed class RegistrationReporter(
    EventPump<IRegistrationObserver, RegistrationNews> observers, EventHub events, ILogger logger)
{
    public void Registered(RegistrationInfo registration)
    {
        ServerLog.Registered(logger, registration.Username, registration.SessionId, registration.Source, registration.Expires);
        // A phone may refresh as often as it likes.
        observers.Post(registration.SessionId, new RegistrationNews(registration, null), isDispensable: registration.IsRefresh);
        if (events.IsWatched)
            events.Tell(new SipServerEvent.Registered(registration));
    }

    public void Unregistered(RegistrationInfo registration, UnregisterReason reason)
    {
        ServerLog.Unregistered(logger, registration.Username, registration.SessionId, reason);
        observers.Post(registration.SessionId, new RegistrationNews(registration, reason), isDispensable: false);
        if (events.IsWatched)
            events.Tell(new SipServerEvent.Unregistered(registration, reason));
    }
}
