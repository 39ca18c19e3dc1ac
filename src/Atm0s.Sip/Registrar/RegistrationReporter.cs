using System.Collections.Concurrent;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Watching;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Registrar;

/// <summary>Tells the observer what happens to registrations, each session's events in order.</summary>
internal sealed class RegistrationReporter(
    HookSource source, SipScheduler scheduler, SipServerOptions options, TimeProvider timeProvider, EventHub events, ILogger logger)
{
    private readonly ConcurrentDictionary<string, EventQueue<IRegistrationObserver>> _queues = new(StringComparer.Ordinal);

    public void Registered(RegistrationInfo registration)
    {
        ServerLog.Registered(logger, registration.Username, registration.SessionId, registration.Source, registration.Expires);
        _queues.GetOrAdd(registration.SessionId, NewQueue)
            .Post((observer, cancellation) => observer.OnRegisteredAsync(registration, cancellation));
        if (events.IsWatched)
            events.Tell(new SipServerEvent.Registered(registration));
    }

    public void Unregistered(RegistrationInfo registration, UnregisterReason reason)
    {
        ServerLog.Unregistered(logger, registration.Username, registration.SessionId, reason);
        var queue = _queues.TryRemove(registration.SessionId, out var known) ? known : NewQueue(registration.SessionId);
        queue.Post((observer, cancellation) => observer.OnUnregisteredAsync(registration, reason, cancellation));
        if (events.IsWatched)
            events.Tell(new SipServerEvent.Unregistered(registration, reason));
    }

    private EventQueue<IRegistrationObserver> NewQueue(string sessionId) =>
        new(source, scheduler, options.ObserverTimeout, timeProvider, sessionId, logger);
}
