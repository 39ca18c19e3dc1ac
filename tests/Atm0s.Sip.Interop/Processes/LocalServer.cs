using System.Net;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>
/// A server of this process on real sockets, with its host: every user's password is <c>pw-</c> + name; <c>room-x</c> is joined, in
/// <c>wait-x</c> a caller waits for others, any other number is the user of that name, whose phones ring.
/// </summary>
internal sealed class LocalServer
    : IAuthProvider, IInviteHandler, ITransferHandler, IMessageHandler, ICallObserver, IRegistrationObserver, IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly PortRange _rtp = FreePorts.Range(200);
    private readonly List<CallEvent> _events = [];
    private readonly List<ISipCall> _calls = [];

    private LocalServer(Action<SipServerOptions>? configure, IInviteHandler? invites)
    {
        var options = new SipServerOptions { Realm = "test.local", ShardCount = 2 };
        options.Listen("udp://127.0.0.1:0").Listen("tcp://127.0.0.1:0");
        options.Authentication.OpenNumberPrefixes.Add("room-");
        options.Authentication.OpenNumberPrefixes.Add("wait-");
        (options.Media.FirstPort, options.Media.LastPort) = (_rtp.First, _rtp.Last);
        options.Media.Timeout = TimeSpan.FromMinutes(5);
        options.Calls.WireTrace = true;
        configure?.Invoke(options);
        Sip = new SipServer(options, new SipServerHandlers
        {
            Auth = this, Invite = invites ?? this, Transfers = this, Messages = this, Registrations = this, Calls = this,
        });
    }

    /// <summary>The server.</summary>
    public SipServer Sip { get; }

    /// <summary>What the host was told, a line each.</summary>
    public LineLog Told { get; } = new("host");

    /// <summary>Why the calls became what they are, and their messages; filled when the server stops.</summary>
    public LineLog Record { get; } = new("record");

    /// <summary>Whether callers who wait hear the room meanwhile, and rooms whom they ring.</summary>
    public bool EarlyMedia { get; set; }

    /// <summary>The room of all callers, whatever they have dialled; null, the default, goes by the number.</summary>
    public string? Room { get; set; }

    /// <summary>Decides about transfers; default: refuses.</summary>
    public Func<TransferRequest, TransferDecision> Transfer { get; set; } = static _ => TransferDecision.Refuse();

    /// <summary>The questions about calls.</summary>
    public List<InviteRequest> Invited { get; } = [];

    /// <summary>Its UDP listener.</summary>
    public IPEndPoint Udp => Listener("udp");

    /// <summary>Its TCP listener.</summary>
    public IPEndPoint Tcp => Listener("tcp");

    /// <summary>Its TLS listener.</summary>
    public IPEndPoint Tls => Listener("tls");

    /// <summary>Starts it.</summary>
    /// <param name="configure">Changes its settings.</param>
    /// <param name="invites">Decides about calls; null for the host.</param>
    public static async Task<LocalServer> StartAsync(Action<SipServerOptions>? configure = null, IInviteHandler? invites = null)
    {
        var server = new LocalServer(configure, invites);
        await server.Sip.StartAsync();
        return server;
    }

    /// <summary>Waits for an event of a call, by its kind and, when given, its direction and other party.</summary>
    public async Task<CallEvent> WaitAsync(string kind, CallDirection direction, Func<CallEvent, bool>? wanted = null)
    {
        CallEvent? found = null;
        await Told.WaitAsync(_ => (found = Find()) is not null, $"{kind} {direction}", Soon);
        return found!;

        CallEvent? Find()
        {
            lock (_events)
                return _events.FirstOrDefault(e => e.GetType().Name == kind && e.Call.Direction == direction && wanted?.Invoke(e) != false);
        }
    }

    /// <summary>Waits until a call is answered; the call.</summary>
    public async Task<ISipCall> AnsweredAsync(CallDirection direction)
    {
        var answered = await WaitAsync("Answered", direction);
        return Sip.TryGetCall(answered.Call.CallId, out var call) ? call : throw new AssertionException($"it ended at once\n{Told}");
    }

    /// <summary>Waits for the end of a call.</summary>
    public async Task<CallEvent.Ended> EndedAsync(CallDirection direction) => (CallEvent.Ended)await WaitAsync("Ended", direction);

    /// <summary>Waits until no call is left.</summary>
    public async Task IdleAsync()
    {
        for (var end = DateTime.UtcNow + Soon; Sip.Calls.Count > 0; await Task.Delay(20))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), string.Join('\n', Sip.Calls.Select(call => $"{call.Info} does not end")));
    }

    /// <inheritdoc/>
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(
        AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, "pw-" + request.Username)));

    /// <inheritdoc/>
    public async ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        lock (_events)
            Invited.Add(invite);
        if (Room is { } room || (room = invite.To).StartsWith("room-", StringComparison.Ordinal))
            return InviteDecision.JoinRoom(room);
        if (invite.To.StartsWith("wait-", StringComparison.Ordinal))
            return InviteDecision.WaitForOthers(invite.To, earlyMedia: EarlyMedia);
        if (Sip.FindRegistrations(invite.To) is not { Count: > 0 } phones)
            return InviteDecision.Reject(404);
        var options = new OutgoingCallOptions { ForCallId = invite.CallId, EarlyMedia = EarlyMedia };
        foreach (var phone in phones)
            await Sip.CallClientAsync(invite.CallId, phone.SessionId, invite.From, options, cancellationToken);
        return InviteDecision.WaitForOthers(invite.CallId, earlyMedia: EarlyMedia);
    }

    /// <inheritdoc/>
    public ValueTask<TransferDecision> HandleTransferAsync(TransferRequest transfer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Transfer(transfer));

    /// <inheritdoc/>
    public ValueTask<MessageDecision> HandleMessageAsync(MessageRequest message, CancellationToken cancellationToken)
    {
        Told.Add($"message {message.Text}");
        return ValueTask.FromResult(MessageDecision.Accept());
    }

    /// <inheritdoc/>
    public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        lock (_events)
        {
            _events.Add(callEvent);
            if (callEvent is CallEvent.Connecting && Sip.TryGetCall(callEvent.Call.CallId, out var call))
                _calls.Add(call);
        }

        Told.Add(callEvent.ToString());
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken)
    {
        Told.Add($"registered {registration.Username}");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask OnUnregisteredAsync(RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken)
    {
        Told.Add($"unregistered {registration.Username}");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Sip.DisposeAsync();
        foreach (var call in _calls)
        {
            foreach (var note in call.Explain())
                Record.Add(note.ToString());
            foreach (var entry in call.WireTrace)
                Record.Add($"{entry.Timestamp:mm:ss.fff} {(entry.IsSent ? "to" : "from")} {entry.Peer}\n{entry.Message}");
        }

        await _rtp.DisposeAsync();
    }

    private IPEndPoint Listener(string scheme) =>
        IPEndPoint.Parse(Sip.ListenUris.First(uri => uri.StartsWith(scheme, StringComparison.Ordinal))[(scheme.Length + 3)..]);
}
