using System.Collections.Concurrent;
using System.Text;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Client;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip;

/// <summary>
/// A softphone in code: registers with a server, calls and is called, and speaks and listens through an
/// <see cref="Media.Mixing.IPcmEndpoint"/>.
/// For bots, demonstrations and tests. Inside it is the same stack as the server's, with itself as the only other member of each call's
/// room.
/// </summary>
public sealed class SipPhone : IAsyncDisposable
{
    private readonly SipPhoneOptions _options;
    private readonly SipServer _server;
    private readonly SipTransportProtocol _protocol;
    private readonly System.Net.IPEndPoint _serverEndPoint;
    private readonly ConcurrentDictionary<string, LocalMember> _members = new(StringComparer.Ordinal);
    private RegisterClient? _registration;

    /// <summary>Makes a phone; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="environment">Clock, log and network; null takes the system's.</param>
    /// <exception cref="ArgumentException">The server's address can't be used, or a setting is out of its range.</exception>
    public SipPhone(SipPhoneOptions options, SipServerEnvironment? environment = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!FlowAddresses.TryGetLiteral(Encoding.UTF8.GetBytes(options.Server), out _protocol, out var endPoint))
            throw new ArgumentException(
                $"\"{options.Server}\" is no server to register with; write for example sip:192.0.2.10:5060.", nameof(options));
        if (_protocol == SipTransportProtocol.Tls && options.Tls is null)
            throw new ArgumentException(
                $"\"{options.Server}\" asks for TLS, and there are no settings for it: set Tls, for example to new SipTlsOptions().",
                nameof(options));
        if (options.Expires < TimeSpan.FromSeconds(1) || options.Expires > TimeSpan.FromDays(7))
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Expires, "Expires is from 1 s to 7 days; UnregisterAsync takes the registration back.");
        _serverEndPoint = endPoint!;
        _options = options;
        var server = new SipServerOptions { Domain = DomainOf(), ShardCount = 1, Product = "Atm0s.Sip phone", IsClient = true };
        server.Listen(_protocol, options.Local);
        // RFC 5922 §7.3: the server is that of the domain, wherever it is.
        server.Listeners[0].Tls = options.Tls?.Expecting(DomainOf());
        server.Registrar.Enabled = false;
        server.Authentication.RequireForCalls = false;
        server.Media.FirstPort = options.FirstMediaPort;
        server.Media.LastPort = options.LastMediaPort;
        server.Media.Codecs.Clear();
        foreach (var codec in options.Codecs)
            server.Media.Codecs.Add(codec);
        foreach (var codec in options.AddedCodecs)
            server.Media.AddCodec(codec);
        var line = new PhoneLine(this);
        _server = new SipServer(server, HookSource.FromInstances(new SipServerHandlers { Invite = line, Calls = line }), environment
            ?? SipServerEnvironment.Default);
    }

    /// <summary>The calls that exist now.</summary>
    public IReadOnlyCollection<ISipCall> Calls => _server.Calls;

    /// <summary>Opens the phone's sockets.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SipStartException">A setting can't work, or the address can't be opened.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        _server.Parts.Router.FlowClosed = flow => _registration?.OnFlowClosed(flow);
    }

    /// <summary>
    /// Registers, and keeps the registration until <see cref="UnregisterAsync"/>: a failure is tried again after 15 to 30 s, then ever
    /// later up to 30 minutes, and not before the server's Retry-After.
    /// </summary>
    /// <returns>Completes with the first final answer; never fails.</returns>
    /// <exception cref="InvalidOperationException">The phone is not started.</exception>
    public Task<RegisterOutcome> RegisterAsync() => Registration().RunAsync(_options.Expires);

    /// <summary>Takes the registration back.</summary>
    /// <returns>Completes with the final answer; never fails.</returns>
    /// <exception cref="InvalidOperationException">The phone is not started.</exception>
    public Task<RegisterOutcome> UnregisterAsync() => Registration().RunAsync(TimeSpan.Zero);

    /// <summary>Calls a number through the server.</summary>
    /// <param name="number">Number or name to call.</param>
    /// <param name="cancellationToken">Cancels the start of the call, not the call.</param>
    /// <returns>The call, as soon as the INVITE is on its way.</returns>
    /// <exception cref="InvalidOperationException">The phone is not started.</exception>
    public async Task<ISipCall> CallAsync(string number, CancellationToken cancellationToken = default)
    {
        var room = Guid.CreateVersion7(_server.Parts.Clock.UtcNow).ToString("N");
        var member = NewMember(room);
        member.Join();
        var call = await _server.CallServerAsync(
            room,
            UriOf(number),
            _options.Username,
            new OutgoingCallOptions { ToNumber = number, Credentials = new SipCredentials(_options.Username, _options.Password) },
            cancellationToken).ConfigureAwait(false);
        if (call.State == CallState.Ended)
            Forget(room);
        return call;
    }

    /// <summary>Ends all calls and closes the sockets.</summary>
    public async ValueTask DisposeAsync() => await _server.DisposeAsync().ConfigureAwait(false);

    private RegisterClient Registration() => _registration ??= NewRegistration();

    private RegisterClient NewRegistration()
    {
        var stack = _server.Parts.Stack;
        var flow = stack.TryGetFlow(_protocol, _serverEndPoint)
            ?? throw new InvalidOperationException(
                $"{_options.Local.Address} does not reach {_serverEndPoint}: give the phone a local address of the server's family.");
        var credentials = new SipCredentials(_options.Username, _options.Password);
        return new RegisterClient(
            stack, flow, UriOf(null), SipUri.Create(_options.Username, DomainOf()).ToString(), _options.Username, credentials,
            udpKeepAlive: _options.UdpKeepAlive)
        {
            FindWay = () => stack.TryGetFlow(_protocol, _serverEndPoint),
        };
    }

    private string DomainOf() => _options.Domain ?? _serverEndPoint.Address.ToString();

    private string UriOf(string? user)
    {
        var transport = _protocol.ToUriSuffix();
        return user is null ? $"sip:{_serverEndPoint}{transport}" : $"sip:{SipEscapes.EscapeUser(user)}@{_serverEndPoint}{transport}";
    }

    private LocalMember NewMember(string roomId) =>
        _members[roomId] = new LocalMember(_server.Parts.Rooms.Embedded, roomId, _options.Audio);

    private void Forget(string roomId)
    {
        if (_members.TryRemove(roomId, out var member))
            member.Leave();
    }

    /// <summary>Decides about the phone's calls as its user would.</summary>
    private sealed class PhoneLine(SipPhone phone) : IInviteHandler, ICallObserver
    {
        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
        {
            // Each call has a room of its own, where it waits for the phone's user.
            _ = AskUserAsync(new IncomingCall(invite.CallId, invite.From));
            return ValueTask.FromResult(InviteDecision.WaitForOthers(invite.CallId, TimeSpan.FromMinutes(5)));
        }

        public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            if (callEvent is CallEvent.Ended { Call.RoomId: { } room })
                phone.Forget(room);
            return ValueTask.CompletedTask;
        }

        private async Task AskUserAsync(IncomingCall call)
        {
            await Task.Yield();
            if (!phone._server.TryGetCall(call.CallId, out var ringing))
                return;
            PhoneAnswer answer;
            try
            {
                using var gone = new CancellationTokenSource();
                var asked = phone._options.OnIncomingCall(call, gone.Token).AsTask();
                if (await Task.WhenAny(asked, ringing.Ended).ConfigureAwait(false) != asked)
                    await gone.CancelAsync().ConfigureAwait(false);
                answer = await asked.ConfigureAwait(false);
            }
#pragma warning disable CA1031 // What the host throws becomes a refusal; the caller must not ring for ever.
            catch (Exception)
#pragma warning restore CA1031
            {
                answer = PhoneAnswer.Busy;
            }

            if (answer != PhoneAnswer.Accept)
            {
                await ringing.HangUpAsync(answer.StatusCode).ConfigureAwait(false);
                return;
            }

            phone.NewMember(call.CallId).Join();
            if (ringing.State == CallState.Ended)
                phone.Forget(call.CallId);
        }
    }
}
