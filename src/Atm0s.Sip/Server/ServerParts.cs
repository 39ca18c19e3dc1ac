using System.Net;
using Atm0s.Sip.Authentication;
using Atm0s.Sip.Bots;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Incoming;
using Atm0s.Sip.Calls.Messages;
using Atm0s.Sip.Calls.Records;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Defence;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Diagnostics.Tracing;
using Atm0s.Sip.Health;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks.Routing;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Recordings;
using Atm0s.Sip.Registrar;
using Atm0s.Sip.Rooms;
using Atm0s.Sip.Streams;
using Atm0s.Sip.Trunks;
using Atm0s.Sip.Watching;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Server;

/// <summary>Everything a running server is made of, put together in one place.</summary>
internal sealed class ServerParts : IAsyncDisposable
{
    // Of a timer of .NET.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly SipServerMetrics _metrics;
    private readonly RequestRouter _router;
    private readonly HookWorkers _workers;
    private readonly HookRunner _runner;
    private readonly EventBudget _budget;
    private readonly SipServerOptions _options;
    private readonly SampleClock _samples;
    private readonly AccessList _access;
    private readonly Authenticator _authenticator;
    private readonly IncomingCalls _incoming;
    private readonly RequestGate _gate;
    private readonly ILogger _logger;
    private readonly CallTracer _tracer;

    public ServerParts(
        SipServerOptions options,
        HookSource hooks,
        SipServerEnvironment environment,
        IReadOnlyList<ISipTransport> transports,
        ILogger logger)
    {
        _logger = logger;
        _options = options;
        _metrics = new SipServerMetrics(environment.MeterFactory);
        if (logger is PlainLogger plain)
            plain.OnLost = () => _metrics.Fault("log");
        Clock = new SipClock(environment.TimeProvider);
        _tracer = new CallTracer(Clock);
        var time = environment.TimeProvider;
        var faults = new Faults(_metrics, logger);
        Scheduler = new GuardedScheduler(environment.Scheduler, faults);
        _workers = new HookWorkers(
            environment.Scheduler, time, options.MaxHandlerThreads, exception => faults.Tell(exception, "handlers"));
        var runner = _runner = new HookRunner(hooks, _workers, Scheduler, options, time, _metrics, logger);
        runner.Prepare<IAuthProvider>();
        runner.Prepare<IInviteHandler>();
        runner.Prepare<ITransferHandler>();
        runner.Prepare<IMessageHandler>();
        runner.Prepare<IRoomProvider>();
        var budget = _budget = new EventBudget(options.MaxWaitingEvents, _metrics, logger);
        _router = new RequestRouter();
        Stack = new SipStack(
            new SipStackOptions
            {
                ShardCount = options.ShardCount,
                MaxTransactions = options.MaxTransactions,
                MaxTransactionBytes = options.MaxTransactionBytes,
                MaxQueueTime = options.MaxQueueTime.OrZero(),
                QueueCapacity = options.QueueCapacity,
                Limits = options.Limits,
                Timers = options.Timers,
                Product = options.Product,
            },
            [
                .. options.Listeners.Select(listener => environment.CreateTransport(WithNetworks(listener, options), options.Limits)),
                .. transports,
            ],
            _router,
            Capabilities.Of(options, takesMessages: hooks.Has<IMessageHandler>()),
            Clock,
            environment.Ids,
            environment.Scheduler,
            logger,
            environment.MeterFactory);
        Media = CallAudioFactory.Create(options, environment, Stack.Transports, Clock, logger);
        Rooms = new RoomDirectory(
            options, hooks, runner, new HostRoomMedia(Media.Engine, Media.Codecs.OpusProvider, Scheduler), Events);
        // Of their own: a bot that blocks keeps no handler and no observer waiting.
        var botWorkers = new HookWorkers(
            environment.Scheduler, time, options.MaxHandlerThreads, exception => faults.Tell(exception, "bots"));
        Bots = new BotDirectory(Rooms, Scheduler, botWorkers, Events, logger);
        Recordings = new RecordingDirectory(
            Rooms.Embedded, environment.Scheduler, Events, environment.TimeProvider, logger, faults);
        Streams = new StreamDirectory(Bots, Events, environment.TimeProvider, logger);
        Calls = new CallDirectory();
        var hosts = new HostNames(environment.HostResolver, Scheduler, environment.TimeProvider, logger);
        Trunks = new TrunkDirectory(Stack, hosts, logger, trunk => Events.Tell(new SipServerEvent.Trunk(trunk)), _metrics);
        var access = _access = new AccessList(options.Access);
        var offenders = new Offenders(options.Defence);
        var authenticator = _authenticator = new Authenticator(options, runner, offenders, _metrics, environment.TimeProvider, logger);
        var reporter = new RegistrationReporter(
            new EventPump<IRegistrationObserver, RegistrationNews>(
                hooks, RegistrationNews.TellAsync, _workers, budget, options.ObserverTimeout, time, logger),
            Events,
            logger);
        Registrar = new RegistrarService(options, Stack, reporter, authenticator, access, Live, _metrics, logger);
        var users = new UserTargets(Registrar, authenticator.Domains, Stack);
        var listeners = new OwnListeners(Stack.Transports, new LocalNetworks(environment.TimeProvider));
        Traces = new WireTraces(Stack, options.Calls.Records);
        History = new CallHistory(options.Calls.Records, Clock);
        _samples = new SampleClock(options.Calls.Records, Calls, History, Traces, Clock, faults);
        var services = new CallServices
        {
            Options = options,
            Stack = Stack,
            Hooks = runner,
            HookSource = hooks,
            Scheduler = Scheduler,
            Observers = new EventPump<ICallObserver, CallEvent>(
                hooks,
                static (observer, what, cancellation) => observer.OnCallEventAsync(what, cancellation),
                _workers,
                budget,
                options.ObserverTimeout,
                time,
                logger,
                static what => what.Call.SipCallId),
            Authenticator = authenticator,
            Rooms = Rooms,
            Recordings = Recordings,
            Streams = Streams,
            Bots = Bots,
            Trunks = Trunks,
            Registrar = Registrar,
            Access = access,
            Live = Live,
            Events = Events,
            Media = Media,
            Hosts = hosts,
            Users = users,
            Targets = new TargetResolver(Stack, Registrar, Trunks, authenticator.Domains, listeners, users, hosts),
            Calls = Calls,
            Tracer = _tracer,
            Traces = Traces,
            History = History,
            Metrics = _metrics,
            Logger = logger,
        };
        Caller = new Caller(services);
        Rings = services.Rings;
        Messenger = new Messenger(services);
        _gate = new RequestGate(
            options.Defence, Clock, Live, access, Trunks, offenders, authenticator.HoldsNonce, _metrics, logger);
        _incoming = new IncomingCalls(services);
        _router.Attach(options, _gate, Registrar, _incoming, new IncomingMessages(services), Trunks, services.Drain);
        _router.Connections = services.Connections;
        Drain = services.Drain;
        Health = new ServerHealth(this);
        _metrics.Observe(this);
    }

    public SipClock Clock { get; }

    public RequestRouter Router => _router;

    public SipStack Stack { get; }

    public CallAudioFactory Media { get; }

    /// <summary>Where work of the server's own runs; what it throws ends there.</summary>
    public SipScheduler Scheduler { get; }

    public RoomDirectory Rooms { get; }

    public BotDirectory Bots { get; }

    public RecordingDirectory Recordings { get; }

    public StreamDirectory Streams { get; }

    public TrunkDirectory Trunks { get; }

    public EventHub Events { get; } = new();

    public CallDirectory Calls { get; }

    public CallHistory History { get; }

    public WireTraces Traces { get; }

    public LiveSources Live { get; } = new();

    public RegistrarService Registrar { get; }

    public RingLedger Rings { get; }

    public DrainState Drain { get; }

    public ServerHealth Health { get; }

    public Caller Caller { get; }

    public Messenger Messenger { get; }

    public static string AdvertisedAs(ISipTransport transport)
    {
        var address = transport.LocalEndPoint.Address;
        return transport.Options.AdvertisedHost
            ?? (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "its address towards each phone" : address.ToString());
    }

    /// <summary>The options have changed: those who have copied something read it again.</summary>
    /// <param name="passwords">Whether the limits for wrong passwords have changed.</param>
    public void Renew(bool passwords)
    {
        _access.Renew();
        _gate.Renew();
        _authenticator.Renew(passwords);
        _incoming.Renew();
        _runner.Renew();
    }

    // A copy: the settings in force stay as they were written, and are compared with those of a reload.
    private static SipListenerOptions WithNetworks(SipListenerOptions listener, SipServerOptions options) =>
        (listener.LocalNetworks.Count > 0 || options.LocalNetworks.Count == 0)
        && (listener.Protocol != SipTransportProtocol.Tls || listener.Tls is not null)
            ? listener
            : listener.With(
                listener.LocalNetworks.Count > 0 ? listener.LocalNetworks : NetworkSet.ParseAll(options.LocalNetworks), options.Tls);

    /// <summary>Takes no new calls, and waits until those that are up have ended. Returns how many have not.</summary>
    public async Task<int> DrainAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (Drain.Begin())
            ServerLog.Draining(_logger, Calls.Count, limit);
        using var time = limit.IsEndless() || limit >= LongestTimer
            ? new CancellationTokenSource()
            : new CancellationTokenSource(limit, Clock.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            // One that takes the place of another may have come meanwhile.
            while (Calls.Count > 0)
                await Calls.WhenEmptyAsync().WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time is over, and the host is told by the number.
        }

        var left = Calls.Count;
        ServerLog.Drained(_logger, left);
        return left;
    }

    /// <summary>Ends all calls and waits until they and their BYEs are through. Returns how many there were.</summary>
    public async Task<int> EndCallsAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _router.StopAccepting();
        var calls = Calls.All;
        foreach (var call in calls)
            call.PostEnd(new CallEnd(CallEndCause.Shutdown, 503, "the server stops"));
        Bots.End();
        Registrar.EndAll();
        var unregistered = Trunks.RemoveAllAsync();

        using var limit = new CancellationTokenSource(timeout, Clock.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await Task.WhenAll(calls.Select(call => call.Ended)).WaitAsync(both.Token).ConfigureAwait(false);
            await unregistered.WaitAsync(both.Token).ConfigureAwait(false);
            await Calls.WhenQuietAsync().WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Phones that do not answer their BYE are left to their own media time-out.
        }

        await EndRecordingsAsync(cancellationToken).ConfigureAwait(false);
        return calls.Count;
    }

    // A disk or a program that hangs does not keep the server from stopping.
    private async Task EndRecordingsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Recordings.EndAsync(), Streams.EndAsync())
                .WaitAsync(TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Its last seconds are lost.
        }
    }

    // What a host writes down at the end of a call is written when the server has stopped, unless it takes too long.
    private async Task TellObserversAsync(CancellationToken cancellationToken)
    {
        try
        {
            // By the clock of the process: what is waited for is the host's own work.
            await _budget.WhenEmptyAsync().WaitAsync(_options.StopTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            ServerLog.StoppedUntold(_logger, _budget.Waiting, _options.StopTimeout);
        }
    }

    public ValueTask DisposeAsync() => CloseAsync(CancellationToken.None);

    /// <summary>Closes everything, and waits until the observers have been told.</summary>
    /// <param name="cancellationToken">Stops waiting for them.</param>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        await Stack.DisposeAsync().ConfigureAwait(false);
        foreach (var call in Calls.All)
            call.Abandon();
        _tracer.EndAll();
        _samples.Dispose();
        Messenger.Abandon();
        Bots.End();
        Events.Complete();
        await TellObserversAsync(cancellationToken).ConfigureAwait(false);
        _runner.Dispose();
        _workers.Dispose();
        Bots.Dispose();
        Media.Dispose();
        Recordings.Dispose();
        _metrics.Dispose();
    }
}
