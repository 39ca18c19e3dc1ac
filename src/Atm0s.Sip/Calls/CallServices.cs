using Atm0s.Sip.Authentication;
using Atm0s.Sip.Bots;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Calls.Records;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Defence;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Diagnostics.Tracing;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Recordings;
using Atm0s.Sip.Registrar;
using Atm0s.Sip.Rooms;
using Atm0s.Sip.Streams;
using Atm0s.Sip.Trunks;
using Atm0s.Sip.Watching;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Calls;

/// <summary>What every call needs of its server.</summary>
internal sealed class CallServices
{
    public CallServices() => Refused = new RefusedInvites(this);

    public required SipServerOptions Options { get; init; }

    public required SipStack Stack { get; init; }

    public required HookRunner Hooks { get; init; }

    public required HookSource HookSource { get; init; }

    public required SipScheduler Scheduler { get; init; }

    public required Authenticator Authenticator { get; init; }

    public required RoomDirectory Rooms { get; init; }

    public required RecordingDirectory Recordings { get; init; }

    public required StreamDirectory Streams { get; init; }

    public required BotDirectory Bots { get; init; }

    public required TrunkDirectory Trunks { get; init; }

    public required RegistrarService Registrar { get; init; }

    public required AccessList Access { get; init; }

    public required LiveSources Live { get; init; }

    public required EventHub Events { get; init; }

    public required CallAudioFactory Media { get; init; }

    public required HostNames Hosts { get; init; }

    public required UserTargets Users { get; init; }

    public required TargetResolver Targets { get; init; }

    public required CallDirectory Calls { get; init; }

    public RingLedger Rings { get; } = new();

    /// <summary>Dialogs that depend on one connection.</summary>
    public ConnectionUsers Connections { get; } = new();

    public DrainState Drain { get; } = new();

    public required CallTracer Tracer { get; init; }

    public required WireTraces Traces { get; init; }

    public required CallHistory History { get; init; }

    /// <summary>Writes down what is refused before it becomes a call.</summary>
    public RefusedInvites Refused { get; }

    public required SipServerMetrics Metrics { get; init; }

    public required ILogger Logger { get; init; }

    public required EventPump<ICallObserver, CallEvent> Observers { get; init; }

    /// <summary>Whether anybody wants to hear of calls.</summary>
    public bool IsObserved => Observers.HasObservers || Events.IsWatched;

    /// <summary>Tells the host's observers, and whoever watches the server.</summary>
    /// <param name="callEvent">What has happened.</param>
    /// <param name="trace">The trace of the call; null for none.</param>
    public void Tell(CallEvent callEvent, CallTrace? trace = null)
    {
        Observers.Post(
            callEvent.Call.CallId,
            callEvent,
            isDispensable: callEvent is not (CallEvent.Connecting or CallEvent.Answered or CallEvent.Ended),
            trace);
        if (Events.IsWatched)
            Events.Tell(new SipServerEvent.Call(callEvent));
    }
}
