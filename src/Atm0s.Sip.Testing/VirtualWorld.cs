using System.Net;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Testing.Networks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Testing;

/// <summary>
/// A world in a test: a clock that stands until the test moves it, a network in memory for SIP and one for RTP, and servers and phones in
/// it. Everything runs on the thread of the test, so a run is the same every time.
/// </summary>
public sealed class VirtualWorld : IAsyncDisposable
{
    /// <summary>Steps in which time moves: a quarter of a packet of audio.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    private readonly SynchronizationContext? _outside = SynchronizationContext.Current;
    private readonly ManualMediaClock _networkClock = new();
    private readonly List<ManualMediaClock> _clocks = [];
    private readonly List<IAsyncDisposable> _owned = [];
    private byte _hosts;

    /// <summary>Makes a world.</summary>
    /// <param name="seed">Seed of everything random in it.</param>
    public VirtualWorld(int seed = 1)
    {
        Time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Scheduler = new ManualScheduler();
        Network = new VirtualNetwork(Time, seed);
        MediaNetwork = new InMemoryMediaNetwork(seed, _networkClock);
        Ids = new SequentialIds();
        SynchronizationContext.SetSynchronizationContext(new WorldContext(Scheduler));
    }

    /// <summary>The clock.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>The SIP network.</summary>
    public VirtualNetwork Network { get; }

    /// <summary>The RTP network.</summary>
    public InMemoryMediaNetwork MediaNetwork { get; }

    /// <summary>The names that phones may give as places of their audio.</summary>
    public VirtualHosts Hosts { get; } = new();

    /// <summary>Runs shards and handlers.</summary>
    public ManualScheduler Scheduler { get; }

    /// <summary>Tags, branches and Call-IDs, counted.</summary>
    public SequentialIds Ids { get; }

    /// <summary>Where what is made from now on logs to.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>Makes the keys of what is made from now on, where they come from DTLS (RFC 5763); null (default): no such calls.</summary>
    public IDtlsProvider? Dtls { get; set; }

    /// <summary>Where the server listens.</summary>
    public static IPEndPoint ServerEndPoint { get; } = new(IPAddress.Parse("10.0.0.1"), 5060);

    private string LastPackets => string.Join("\n", Network.Sent.TakeLast(20));

    /// <summary>Makes and starts a server at <see cref="ServerEndPoint"/>.</summary>
    /// <param name="handlers">Its handlers.</param>
    /// <param name="configure">More settings.</param>
    public SipServer StartServer(SipServerHandlers handlers, Action<SipServerOptions>? configure = null)
    {
        var options = new SipServerOptions { Realm = "test.local", ShardCount = 2 };
        options.Listen(Core.Transport.SipTransportProtocol.Udp, ServerEndPoint);
        configure?.Invoke(options);
        var server = new SipServer(options, handlers, NewEnvironment());
        _owned.Add(server);
        Complete(server.StartAsync());
        return server;
    }

    /// <summary>Makes and starts a phone on a host of its own, with the password <c>pw-</c> + user.</summary>
    /// <param name="user">User name.</param>
    /// <param name="audio">What it says and hears.</param>
    /// <param name="codec">Its only codec.</param>
    /// <param name="onIncoming">What it does when it is called; null answers at once.</param>
    /// <param name="protocol">How it reaches the server.</param>
    public SipPhone StartPhone(
        string user,
        IPcmEndpoint audio,
        string codec = "PCMA",
        Func<IncomingCall, CancellationToken, ValueTask<PhoneAnswer>>? onIncoming = null,
        Core.Transport.SipTransportProtocol protocol = Core.Transport.SipTransportProtocol.Udp)
    {
        var options = new SipPhoneOptions
        {
            Server = $"sip:{ServerEndPoint};transport={protocol.ToString().ToLowerInvariant()}",
            Tls = protocol == Core.Transport.SipTransportProtocol.Tls ? new Core.Transport.Tls.SipTlsOptions() : null,
            Username = user,
            Password = "pw-" + user,
            Domain = "test.local",
            Audio = audio,
            Codecs = [codec],
            Local = new IPEndPoint(new IPAddress([10, 0, 1, ++_hosts]), 5060),
            OnIncomingCall = onIncoming ?? (static (_, _) => ValueTask.FromResult(PhoneAnswer.Accept)),
        };
        var phone = new SipPhone(options, NewEnvironment());
        _owned.Add(phone);
        Complete(phone.StartAsync());
        return phone;
    }

    /// <summary>Moves time on, step by step.</summary>
    public void Advance(TimeSpan by)
    {
        Scheduler.RunUntilIdle();
        for (var passed = TimeSpan.Zero; passed < by; passed += Step)
            Tick();
    }

    /// <summary>Moves time on until a condition holds.</summary>
    /// <param name="condition">Looked at after each step.</param>
    /// <param name="limit">Longest virtual time.</param>
    /// <exception cref="TimeoutException">The condition does not hold in time.</exception>
    public void RunUntil(Func<bool> condition, TimeSpan? limit = null)
    {
        var longest = limit ?? TimeSpan.FromMinutes(2);
        Scheduler.RunUntilIdle();
        for (var passed = TimeSpan.Zero; !condition(); passed += Step)
        {
            if (passed > longest)
                throw new TimeoutException($"The condition did not hold within {longest} of virtual time. Last packets:\n{LastPackets}");
            Tick();
        }
    }

    /// <summary>Moves time on until a task is done, and gives its result.</summary>
    public T Await<T>(Task<T> task, TimeSpan? limit = null)
    {
        Complete(task, limit);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Moves time on until a task is done.</summary>
    public void Complete(Task task, TimeSpan? limit = null)
    {
        var longest = limit ?? TimeSpan.FromSeconds(40);
        Scheduler.RunUntilIdle();
        for (var passed = TimeSpan.Zero; !task.IsCompleted && passed < longest; passed += Step)
            Tick();

        // What the library continues on the thread pool needs no more virtual time, but a moment of real time: a long one where many
        // programs want the processor.
        for (var i = 0; i < 30_000 && !((IAsyncResult)task).AsyncWaitHandle.WaitOne(1); i++)
            Scheduler.RunUntilIdle();
        if (!task.IsCompleted)
            throw new TimeoutException($"Not done within {longest} of virtual time. Last packets:\n{LastPackets}");
        task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            Complete(owned.DisposeAsync().AsTask());
        }

        SynchronizationContext.SetSynchronizationContext(_outside);
        return ValueTask.CompletedTask;
    }

    private SipServerEnvironment NewEnvironment()
    {
        var clock = new ManualMediaClock();
        _clocks.Add(clock);
        return new SipServerEnvironment
        {
            TimeProvider = Time,
            Scheduler = Scheduler,
            Ids = Ids,
            TransportFactory = Network.CreateTransport,
            MediaNetwork = MediaNetwork,
            MediaClock = clock,
            LoggerFactory = LoggerFactory,
            HostResolver = Hosts,
            Dtls = Dtls,
        };
    }

    private void Tick()
    {
        Time.Advance(Step);
        Network.DeliverDue();
        Scheduler.RunUntilIdle();
        _networkClock.Advance(Step);
        foreach (var clock in _clocks)
            clock.Advance(Step);
        Scheduler.RunUntilIdle();
    }
}
