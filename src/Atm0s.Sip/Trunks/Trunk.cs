using System.Net;
using System.Text;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Client;
using Atm0s.Sip.Configuration.Tables;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks.Routing;
using Atm0s.Sip.Ways;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Trunks;

/// <summary>
/// A connection to another server: registers and stays registered, and knows its calls by where they come from. Lives on one shard.
/// </summary>
internal sealed class Trunk
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstWord = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstLookup = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NextLookup = TimeSpan.FromMinutes(30);

    private readonly SipStack _stack;
    private readonly HostNames _hosts;
    private readonly ILogger _logger;
    private readonly SipServerMetrics? _metrics;
    private readonly Action<TrunkInfo> _onChanged;
    private readonly string _sipCallId;
    private readonly SipShard _shard;
    private readonly SipTimer _retry;
    private readonly SipTimer _silence;
    private TimeSpan _silentFor;
    private readonly RegisterRetry _waits = new();
    private readonly SipUri _server;
    private readonly bool _isSecure;
    private int _hasToldOfClear;
    private volatile NetworkSet? _networks;
    private volatile TrunkOptions _options;
    private readonly TaskCompletionSource<TrunkInfo> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TrunkInfo _info;
    private volatile IPAddress[] _addresses = [];
    private RegisterClient? _client;
    private bool _removed;

    public Trunk(TrunkOptions options, SipStack stack, HostNames hosts, ILogger logger, SipServerMetrics? metrics, Action<TrunkInfo> onChanged)
    {
        _options = options;
        _stack = stack;
        _hosts = hosts;
        _logger = logger;
        _metrics = metrics;
        _onChanged = onChanged;
        _server = SipUri.Parse(options.Server);
        _isSecure = FlowResolver.TryGetProtocol(_server, out var protocol) && protocol.IsSecure();
        Domain = options.Domain ?? _server.Host;
        HostInUri = Domain.Contains(':', StringComparison.Ordinal) && Domain[0] != '[' ? $"[{Domain}]" : Domain;
        _networks = NetworksOf(options);
        _info = new TrunkInfo(options.Name, options.Server, options.Register ? TrunkState.Registering : TrunkState.Ready, 0, TimeSpan.Zero);
        // RFC 3261 §10.2: one Call-ID for all registrations, so one shard.
        _sipCallId = stack.Ids.NewCallId();
        _shard = stack.ShardOf(Encoding.UTF8.GetBytes(_sipCallId));
        _retry = new SipTimer(_shard, _ => Begin());
        _silence = new SipTimer(_shard, _ => OnSilence());
    }

    public TrunkOptions Options => _options;

    /// <summary>Where it is.</summary>
    public SipUri Server => _server;

    /// <summary>Host part of our addresses there.</summary>
    public string Domain { get; }

    /// <summary>The same as it is written in a URI.</summary>
    public string HostInUri { get; }

    public TrunkInfo Info => _info;

    /// <summary>Completes with the outcome of the first REGISTER, at once when there is none to be sent; never fails.</summary>
    public Task<TrunkInfo> First => _first.Task;

    /// <summary>Our account there; empty when there is none.</summary>
    public string User => Options.User ?? Options.Credentials?.Username ?? "";

    /// <summary>
    /// Whether what comes over a way comes from this trunk. Of one that is reached over TLS nothing comes in the clear: a datagram has
    /// whatever source its sender writes.
    /// </summary>
    public bool IsSource(SipFlow flow) => IsSource(flow.RemoteEndPoint.Address) && MayBeOf(flow);

    /// <summary>Whether the way is as secure as this trunk wants it.</summary>
    public bool MayBeOf(SipFlow flow) => !_isSecure || (flow.IsSecure && (!Options.RequireCertificate || HasShownName(flow)));

    /// <summary>The same, for the log: from its addresses, in the clear. True once.</summary>
    public bool IsFirstInTheClear(SipFlow flow) =>
        _isSecure && !flow.IsSecure && IsSource(flow.RemoteEndPoint.Address) && Interlocked.Exchange(ref _hasToldOfClear, 1) == 0;

    /// <summary>Whether an address is among those that its requests come from.</summary>
    public bool IsSource(IPAddress address) => _networks is { } networks ? networks.Contains(address) : IsServer(address);

    /// <summary>Whether its server has an address.</summary>
    public bool IsServer(IPAddress address) => Array.IndexOf(_addresses, Plain(address)) >= 0;

    /// <summary>Who must be at the other end of its connections, over TLS; else null.</summary>
    public TlsPeer? Peer => _isSecure ? new TlsPeer(_server.Host, Options.Tls) : null;

    /// <summary>Where its requests come from; null for the addresses of its server.</summary>
    public NetworkSet? Networks => _networks;

    /// <summary>The way there for a call, or null.</summary>
    public async ValueTask<FoundWay?> FindWayAsync(CancellationToken cancellationToken)
    {
        var addresses = await _hosts.FindAllAsync(_server.Host, cancellationToken).ConfigureAwait(false);
        Learn(addresses);
        return Choose(addresses);
    }

    /// <summary>The Request-URI of a number there.</summary>
    public string UriOf(string number)
    {
        // Port and transport are those of the server, which need not be those of the domain: the domain is reached through it.
        if (Options.Domain is not null)
            return AddressOf(number);
        var port = _server.Port == 0 ? "" : $":{_server.Port}";
        if (_server.Scheme == SipUriScheme.Sips)
            return $"sips:{SipEscapes.EscapeUser(number)}@{HostInUri}{port}";
        _ = FlowResolver.TryGetProtocol(_server, out var protocol);
        return $"{AddressOf(number)}{port}{protocol.ToUriSuffix()}";
    }

    /// <summary>The address of record of a number there: no port and no transport (RFC 3261 table 1).</summary>
    public string AddressOf(string number) => $"sip:{SipEscapes.EscapeUser(number)}@{HostInUri}";

    public void Start() => _shard.Post(_ => Begin());

    /// <summary>Changes what its registration does not depend on: who calls from there, and how many may. Any thread.</summary>
    /// <returns>False when it has to be another trunk.</returns>
    public bool TryChange(TrunkOptions options)
    {
        var was = _options;
        var like = options with
        {
            Networks = was.Networks, MaxCalls = was.MaxCalls, TrustNetworks = was.TrustNetworks, Expires = was.Expires,
            Encryption = was.Encryption, KeyExchange = was.KeyExchange, RequireCertificate = was.RequireCertificate,
        };
        if (!TrunkSettings.Table.AreSame(was, like))
            return false;
        _networks = NetworksOf(options);
        _options = options;
        return true;
    }

    /// <summary>What is known of the server's addresses, from one that was there before.</summary>
    public void TakeAddressesOf(Trunk old)
    {
        if (old.Options.Server == Options.Server)
            _addresses = old._addresses;
    }

    /// <summary>A connection is gone. Any thread.</summary>
    public void OnFlowClosed(SipFlow flow) => _shard.Post(_ =>
    {
        // Our registration stands there still, but nobody can call us over it (RFC 5626 §4.5). A little later: the server may be starting
        // anew.
        if (_client is { IsRegistered: true } client && client.Flow.Equals(flow))
            _retry.Set(ReconnectDelay);
    });

    /// <summary>Takes the registration back. Completes when the server has answered.</summary>
    public Task StopAsync()
    {
        _shard.Post(_ => Stop());
        return _stopped.Task;
    }

    private bool HasShownName(SipFlow flow) =>
        flow.PeerIdentity?.Names.Contains(Options.Tls?.ServerName ?? _server.Host, StringComparer.OrdinalIgnoreCase) == true;

    private static NetworkSet? NetworksOf(TrunkOptions options) => options.Networks is { } networks ? new NetworkSet(networks) : null;

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private FoundWay? Choose(IReadOnlyList<IPAddress> addresses) =>
        FlowResolver.Choose(_stack, _server, FlowResolver.PlacesOf(_server, addresses), Options.Tls);

    private void Learn(IReadOnlyList<IPAddress> addresses)
    {
        if (addresses.Count > 0)
            _addresses = [.. addresses.Select(Plain)];
    }

    private void Begin()
    {
        if (_removed)
            return;
        if (IPAddress.TryParse(_server.Host, out var literal))
            OnResolved([literal]);
        else
            _ = ResolveAsync();
    }

    private async Task ResolveAsync()
    {
        var addresses = await _hosts.FindAllAsync(_server.Host, CancellationToken.None).ConfigureAwait(false);
        _shard.Post(_ => OnResolved(addresses));
    }

    private void OnResolved(IReadOnlyList<IPAddress> addresses)
    {
        Learn(addresses);
        if (_removed)
            return;
        if (!Options.Register)
        {
            _first.TrySetResult(_info);
            // Its name may lead elsewhere later, or not yet anywhere.
            if (!IPAddress.TryParse(_server.Host, out _))
                _retry.Set(addresses.Count == 0 ? FirstLookup : NextLookup);
            return;
        }

        if (Choose(addresses)?.Flow is not { } flow)
        {
            OnOutcome(new RegisterOutcome(503, TimeSpan.Zero));
            return;
        }

        _client ??= new RegisterClient(
            _stack, flow, $"{(_server.Scheme == SipUriScheme.Sips ? "sips" : "sip")}:{HostInUri}",
            AddressOf(User), User, Options.Credentials,
                _sipCallId, Options.UdpKeepAlive)
            {
                OnOutcome = OnOutcome,
                OnAnswered = (isRegistered, delay) => _metrics?.TrunkAnswered(Options.Name, isRegistered, delay),
                // It may be elsewhere by now.
                OnServerLost = Begin,
            };
        _client.Run(flow, Options.Expires);
        _silentFor = FirstWord;
        _silence.Set(FirstWord);
    }

    // The outcome of a REGISTER without an answer comes after half a minute (RFC 3261 §17.1.2.2): who looks at the log hears of it before.
    private void OnSilence()
    {
        ServerLog.TrunkSilent(_logger, Options.Name, Options.Server, _silentFor);
        // Twice as long each time; what comes then is the outcome.
        if (_silentFor * 2 < _stack.Options.Timers.TransactionTimeout)
            _silence.Set(_silentFor);
        _silentFor *= 2;
    }

    // First attempt, refresh, repetition after a failure and the end: all come here.
    private void OnOutcome(RegisterOutcome outcome)
    {
        _silence.Cancel();
        if (_removed)
        {
            // An answer that crossed the end: what it granted is taken back.
            if (outcome.IsRegistered)
                _client!.Run(null, TimeSpan.Zero);
            else
                _stopped.TrySetResult();
            return;
        }

        if (outcome.IsRegistered)
        {
            _waits.Reset();
            Change(TrunkState.Registered, outcome);
            return;
        }

        var retry = _waits.Next(outcome, _stack.Ids.Next(1000) / 1000.0);
        _retry.Set(retry);
        ServerLog.TrunkFailed(_logger, Options.Name, Options.Server, outcome.StatusCode, Explain(outcome.StatusCode), retry);
        Change(TrunkState.Failed, outcome);
    }

    private static string Explain(int status) => status switch
    {
        401 or 403 or 407 => "it refuses our user or password",
        408 => "it does not answer",
        503 => "its name is not known, no listener of ours reaches it, its certificate is refused, or it is overloaded",
        _ => "it refuses",
    };

    private void Stop()
    {
        if (_removed)
            return;
        _removed = true;
        _retry.Cancel();
        _silence.Cancel();
        var wasRegistered = _info.State == TrunkState.Registered;
        Change(TrunkState.Removed, new RegisterOutcome(_info.StatusCode, TimeSpan.Zero));
        // Also after a failure: what was granted before may still stand.
        _client?.Run(null, TimeSpan.Zero);
        if (!wasRegistered)
            _stopped.TrySetResult();
    }

    private void Change(TrunkState state, RegisterOutcome outcome)
    {
        var was = _info;
        _info = was with { State = state, StatusCode = outcome.StatusCode, Expires = outcome.Expires };
        _first.TrySetResult(_info);
        if (_info == was)
            return;
        if (state == TrunkState.Registered)
            ServerLog.TrunkRegistered(_logger, Options.Name, state, outcome.StatusCode, outcome.Expires);
        else
            ServerLog.TrunkChanged(_logger, Options.Name, state, outcome.StatusCode);
        _onChanged(_info);
    }
}
