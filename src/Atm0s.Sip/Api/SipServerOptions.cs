using System.Net;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip;

/// <summary>
/// Settings of a <see cref="SipServer"/>. Read at start; a value that cannot work stops the start with a sentence that says what to write
/// instead. Each can be set from a configuration (<c>AddSipServer(builder.Configuration)</c>), and trunks, IP rules and limits follow when
/// that changes; without one by <see cref="SipServer.Reload"/>.
/// </summary>
public sealed class SipServerOptions
{
    /// <summary>Where to listen. At least one; <see cref="ListenUdp(int)"/> and <see cref="ListenTcp(int)"/> add to it.</summary>
    public IList<SipListenerOptions> Listeners { get; } = [];

    /// <summary>Whether its listeners are for connections of its own alone.</summary>
    internal bool IsClient { get; init; }

    /// <summary>Where these were read from; null when a program has set them.</summary>
    internal Microsoft.Extensions.Configuration.IConfigurationSection? Source { get; set; }

    /// <summary>Tell whether what these were read from has changed since.</summary>
    internal IReadOnlyList<Microsoft.Extensions.Primitives.IChangeToken> ChangeTokens { get; set; } = [];

    /// <summary>TLS of the listeners that have no settings of their own for it, and of the connections that we open.</summary>
    public SipTlsOptions Tls { get; } = new();

    internal const string DefaultRealm = "sip.media-server.8xff.io";

    /// <summary>
    /// Realm of our challenges and part of every stored hash (RFC 3261 §22.1); it stands nowhere else. Default
    /// <c>sip.media-server.8xff.io</c>, the original server's, so that its stored hashes fit; a server that asks for passwords, and for
    /// which none was set, warns of it at its start (event 2004).
    /// </summary>
    public string Realm
    {
        get;
        set => (field, HasRealm) = (value, true);
    } = DefaultRealm;

    /// <summary>Whether somebody has chosen the realm.</summary>
    internal bool HasRealm { get; private set; }

    /// <summary>
    /// Our domain, for example <c>sip.example.com</c>: the host part of our users' addresses, and of From and To in our requests. Null by
    /// default: then From and To have the host that the called phone has registered with, else the address, or
    /// <see cref="SipListenerOptions.AdvertisedHost"/>, of the listener that is used.
    /// Phones may register and call as users of this domain, of <see cref="Domains"/>, and of every address and advertised host of our
    /// listeners; a REGISTER for another domain is answered 404 (RFC 3261 §10.3 step 5). Where neither this nor <see cref="Domains"/> is
    /// set, a <see cref="Realm"/> of yours that reads like a domain is taken for it, and without one every domain is ours.
    /// </summary>
    public string? Domain { get; set; }

    /// <summary>Further domains that are one with <see cref="Domain"/>: a user has the same name in each. Empty by default.</summary>
    public IList<string> Domains { get; } = [];

    /// <summary>
    /// Networks that reach the server at its own addresses, for example <c>192.168.0.0/16</c>: their phones see those in Via, Contact and
    /// session descriptions, and not <see cref="SipListenerOptions.AdvertisedHost"/> and <see cref="MediaOptions.AdvertisedAddress"/>,
    /// which are for all others. Empty by default.
    /// </summary>
    public IList<string> LocalNetworks { get; } = [];

    /// <summary>Registrar settings.</summary>
    public RegistrarOptions Registrar { get; } = new();

    /// <summary>Digest settings.</summary>
    public AuthenticationOptions Authentication { get; } = new();

    /// <summary>IP rules.</summary>
    public AccessOptions Access { get; } = new();

    /// <summary>What strangers may make the server do.</summary>
    public DefenceOptions Defence { get; } = new();

    /// <summary>
    /// Carriers and PBXs this server works with from its start; <see cref="ISipServer.AddTrunkAsync"/> adds more. Empty by default.
    /// </summary>
    public IList<TrunkOptions> Trunks { get; } = [];

    /// <summary>Call settings.</summary>
    public CallOptions Calls { get; } = new();

    /// <summary>What rooms play by themselves.</summary>
    public SoundOptions Sounds { get; } = new();

    /// <summary>Audio settings.</summary>
    public MediaOptions Media { get; } = new();

    /// <summary>
    /// Time limit for one question to a handler: <c>IAuthProvider</c>, <c>IInviteHandler</c>. 100 ms to 60 s, default 5 s: a caller hears
    /// nothing meanwhile.
    /// </summary>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time limit for one event told to an observer. 100 ms to 5 minutes, default 10 s.</summary>
    public TimeSpan ObserverTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Questions to handlers that may be under way at one time, waiting for your database or web server; 1 to 1,000,000, default 10,000.
    /// One beyond is not asked: its request is answered 503 with Retry-After.
    /// </summary>
    public int MaxConcurrentHooks { get; set; } = 10_000;

    /// <summary>
    /// Threads that handlers and observers may hold at one time by blocking; 2 to 1024, default 64. They are no threads of the pool. A
    /// question beyond waits for one, for as long as <see cref="HandlerTimeout"/> in all; observers have half of them at most. The
    /// callbacks of bots (<see cref="RoomBotOptions.OnFrame"/>) may hold as many others.
    /// </summary>
    public int MaxHandlerThreads { get; set; } = 64;

    /// <summary>
    /// How long a handler that is <see cref="Hooks.NonBlockingAttribute">NonBlocking</see> may take on the signalling thread; 1 ms to 10 s,
    /// default 50 ms. One that exceeds it by as much as four times within a minute is asked elsewhere from then on.
    /// </summary>
    public TimeSpan NonBlockingHandlerLimit { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Events that may wait for observers in all, 100 to 10,000,000; default 100,000, at some 0.5 KiB each. Beyond they are lost and
    /// counted; the last fifth is for the beginnings and ends of calls and registrations. Of one call or session 1,024 may wait, then its
    /// oldest are lost.
    /// </summary>
    public int MaxWaitingEvents { get; set; } = 100_000;

    /// <summary>
    /// How long the host's stop waits for calls to end by themselves, while new ones are refused (<see cref="ISipServer.DrainAsync"/>), before
    /// it says BYE. 0 to 24 h, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit; default 0: BYE at once. The host waits no longer than
    /// its own <c>HostOptions.ShutdownTimeout</c>, 30 s by default: set that to more than this and twice <see cref="StopTimeout"/> together.
    /// </summary>
    public TimeSpan WaitForCallsToEnd { get; set; }

    /// <summary>
    /// How long a stop waits for the answers to its BYEs, and after that, as long again at most, until observers have been told what has
    /// happened by then. 0 to 60 s, default 2 s.
    /// </summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Value of the <c>Server</c> and <c>User-Agent</c> headers, or null to send none. Default <c>Atm0s.Sip</c>.</summary>
    public string? Product { get; set; } = "Atm0s.Sip";

    /// <summary>Shards: loops that each own a part of the calls. 1 to 256; default one per processor.</summary>
    public int ShardCount { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Requests that one shard may have in work or remember for their repetitions (RFC 3261 §17.2), 100 to 10,000,000; default
    /// 100,000. Beyond, those that are answered and only remembered give way; when all are in work, a new request is answered 503 with
    /// Retry-After. Requests inside dialogs have a quarter more, so that running calls can always be ended.</summary>
    public int MaxTransactions { get; set; } = 100_000;

    /// <summary>Bytes that these may take on one shard, 1 MiB to 1 GiB; default 64 MiB. One that is remembered takes some 200 bytes and its
    /// response, so that is 3,300 a second for the 32 s that each is remembered over UDP. What happens beyond is as with
    /// <see cref="MaxTransactions"/>.</summary>
    public int MaxTransactionBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Received messages that may wait for one shard, 16 to 1,000,000; default 10,000, some 2 s of work. What comes beyond is
    /// dropped and counted,
    /// and comes again by the peer's retransmission.</summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>
    /// How long received messages may wait for their shard, 0 to 10 s; default 50 ms. When they wait longer for a second and more, a part
    /// of the requests that open something is answered 503 with Retry-After, more and more of them until the others wait no longer; what
    /// belongs to a call is worked on as ever, and of known sources half is taken whatever comes. Zero and an infinite time mean no limit.
    /// </summary>
    public TimeSpan MaxQueueTime { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Size limits for received messages.</summary>
    public SipLimits Limits { get; set; } = SipLimits.Default;

    /// <summary>Protocol timers (RFC 3261 table 4).</summary>
    public SipTimers Timers { get; set; } = SipTimers.Default;

    /// <summary>Listens for UDP on all IPv4 addresses.</summary>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <returns>These options.</returns>
    public SipServerOptions ListenUdp(int port = 5060) => Listen(SipTransportProtocol.Udp, new IPEndPoint(IPAddress.Any, port));

    /// <summary>Listens for TCP on all IPv4 addresses.</summary>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <returns>These options.</returns>
    public SipServerOptions ListenTcp(int port = 5060) => Listen(SipTransportProtocol.Tcp, new IPEndPoint(IPAddress.Any, port));

    /// <summary>Listens for TLS on all IPv4 addresses, with the certificate that <see cref="Tls"/> names.</summary>
    /// <param name="port">0 to 65535; 0 lets the system choose.</param>
    /// <returns>These options.</returns>
    public SipServerOptions ListenTls(int port = 5061) => Listen(SipTransportProtocol.Tls, new IPEndPoint(IPAddress.Any, port));

    /// <summary>Listens at one address.</summary>
    /// <param name="uri">For example <c>udp://192.0.2.10:5060</c>, <c>tcp://[::]:5060</c>, <c>tls://0.0.0.0:5061</c>.</param>
    /// <returns>These options.</returns>
    /// <exception cref="FormatException">Says what is wrong with <paramref name="uri"/>.</exception>
    public SipServerOptions Listen(string uri)
    {
        Listeners.Add(SipListenerOptions.Parse(uri));
        return this;
    }

    /// <summary>Listens at one address.</summary>
    /// <param name="protocol">Transport.</param>
    /// <param name="endPoint">Address and port.</param>
    /// <returns>These options.</returns>
    public SipServerOptions Listen(SipTransportProtocol protocol, IPEndPoint endPoint)
    {
        Listeners.Add(new SipListenerOptions { Protocol = protocol, EndPoint = endPoint });
        return this;
    }
}
