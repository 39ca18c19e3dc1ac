using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.Calls.Records;
using Atm0s.Sip.Calls;
using Atm0s.Sip.Configuration;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;
using Atm0s.Sip.Server;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip;

/// <summary>
/// The server: registrar, calls and rooms in one object. Made by <c>services.AddSipServer(...)</c>, or with <c>new</c> by a host without
/// dependency injection.
/// Start it once, stop it once; everything else may be called from any thread while it runs.
/// </summary>
public sealed class SipServer : ISipServer, IAsyncDisposable
{
    private readonly SipServerOptions _options;
    private readonly HookSource _hooks;
    private readonly SipServerEnvironment _environment;
    private readonly ILogger _logger;
    private const int MaxRelated = 16;

    private ServerParts? _parts;
    private readonly Lock _reload = new();
    private readonly List<ISipTransport> _transports = [];
    private int _started;

    /// <summary>Makes a server from handler objects.</summary>
    /// <param name="options">Settings; read at start.</param>
    /// <param name="handlers">The host's handlers.</param>
    /// <param name="environment">Clock, log and network; null takes the system's.</param>
    public SipServer(SipServerOptions options, SipServerHandlers handlers, SipServerEnvironment? environment = null)
        : this(options, HookSource.FromInstances(handlers), environment ?? SipServerEnvironment.Default)
    {
    }

    internal SipServer(SipServerOptions options, HookSource hooks, SipServerEnvironment environment)
    {
        _options = options;
        _hooks = hooks;
        _environment = environment;
        _logger = new PlainLogger(environment.LoggerFactory.CreateLogger<SipServer>());
    }

    /// <summary>
    /// Where it listens, with the ports the system chose, for example <c>udp://127.0.0.1:5060</c>. Empty before the start.
    /// </summary>
    public IReadOnlyList<string> ListenUris =>
        _parts is { } parts ? [.. parts.Stack.Transports.Select(t => t.ListenUri).OfType<string>()] : [];

    /// <inheritdoc/>
    public IReadOnlyCollection<ISipCall> Calls => _parts is { } parts ? [.. parts.Calls.All.Select(call => call.Handle)] : [];

    /// <inheritdoc/>
    public IReadOnlyList<RegistrationInfo> Registrations => _parts?.Registrar.List() ?? [];

    /// <inheritdoc/>
    public IReadOnlyList<RoomInfo> Rooms => _parts?.Rooms.List() ?? [];

    /// <inheritdoc/>
    public IReadOnlyList<RoomBot> Bots => _parts?.Bots.All ?? [];

    /// <inheritdoc/>
    public IReadOnlyList<TrunkInfo> Trunks => _parts?.Trunks.List() ?? [];

    /// <summary>The settings in force.</summary>
    internal SipServerOptions Options => _options;

    /// <inheritdoc/>
    public bool IsDraining => _parts is { Router.IsDraining: true };

    /// <summary>Whether something of the host's carries messages.</summary>
    internal bool HasAddedTransports => _transports.Count > 0;

    /// <summary>What it is made of while it runs; else null.</summary>
    internal ServerParts? Running => _parts;

    /// <inheritdoc/>
    public bool IsRunning => _parts is not null;

    internal ServerParts Parts => _parts ?? throw new InvalidOperationException("The server is not running: await StartAsync first.");

    /// <summary>
    /// Adds a way for messages to come and go besides <see cref="SipServerOptions.Listeners"/>: SIP over WebSocket, or one of the host's
    /// own. The server starts it, and disposes of it at its stop. Before the start.
    /// </summary>
    /// <param name="transport">Not started yet.</param>
    /// <exception cref="InvalidOperationException">The server was started before.</exception>
    public void AddTransport(ISipTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (Volatile.Read(ref _started) != 0)
            throw new InvalidOperationException("The server has been started: add transports before that.");
        _transports.Add(transport);
    }

    /// <summary>Checks the settings, opens the listeners and starts the media threads.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SipStartException">A setting can't work, or a listener can't be opened; the message says what to write
    /// instead.</exception>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A server is started once; make a new one.");
        SipServerOptionsValidator.Validate(_options, _hooks);
        LoadedCode.Ensure();
        // For the same reason: its certificate comes from the system's libraries, which are files as well.
        if (_options.Media.Encryption != MediaEncryption.Off)
            _ = _environment.Dtls?.Identity;
        var parts = new ServerParts(_options, _hooks, _environment, _transports, _logger);
        try
        {
            await parts.Media.Codecs.WarmUpAsync(cancellationToken).ConfigureAwait(false);
            await parts.Stack.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TlsCertificateException exception)
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            throw new SipStartException(exception.Message, exception);
        }
        catch (System.Net.Sockets.SocketException exception)
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            var where = string.Join(", ", _options.Listeners);
            throw new SipStartException(
                $"Can't listen at {where}: {exception.Message}. Is another program there, or is the address not of this machine?",
                exception);
        }
        catch
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        parts.Media.Start();
        foreach (var trunk in _options.Trunks)
            parts.Trunks.Add(trunk);
        foreach (var transport in parts.Stack.Transports.Where(transport => transport.ListenUri is not null))
            ServerLog.Listening(_logger, transport.Protocol.ToString(), transport.LocalEndPoint, ServerParts.AdvertisedAs(transport));
        if (!_options.HasRealm && (_options.Registrar.Enabled || _options.Authentication.RequireForCalls))
            ServerLog.DefaultRealm(_logger, _options.Realm);
        _parts = parts;
    }

    /// <summary>
    /// Takes over what has changed in the settings and can change while the server runs: trunks, IP rules, limits and times of calls
    /// (<c>docs/configuration.md</c> says which). Calls go on, those of a trunk that is no more included. A server of
    /// <c>AddSipServer(configuration)</c> does it by itself when its configuration changes.
    /// </summary>
    /// <param name="options">All settings, not the changed ones alone; not the object that the server was made with.</param>
    /// <returns>What has changed; both lists are empty when nothing has.</returns>
    /// <exception cref="SipStartException">A setting can't work: nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">It is not running.</exception>
    public SipServerEvent.SettingsChanged Reload(SipServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (ReferenceEquals(options, _options))
            throw new ArgumentException("These are the settings in force: pass others, with what is to change.", nameof(options));
        var parts = Parts;
        lock (_reload)
        {
            SipServerOptionsValidator.Validate(options, _hooks);
            MediaCodecs.Choose(options.Media, _environment.OpusProviders, NullLogger.Instance);
            return SettingsReload.Apply(_options, options, parts, _logger);
        }
    }

    /// <summary>A changed configuration could not be taken over.</summary>
    internal void RefuseReload(string problem)
    {
        ServerLog.SettingsRefused(_logger, problem);
        _parts?.Events.Tell(new SipServerEvent.SettingsRefused(problem));
    }

    /// <summary>
    /// Takes no new calls, says BYE to every call, waits for the answers (at most <see cref="SipServerOptions.StopTimeout"/>), closes
    /// everything, and waits until the observers have been told of it (at most as long again; then the log says how many events they do
    /// not know yet).
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_parts is not { } parts)
            return;
        var ended = await parts.EndCallsAsync(_options.StopTimeout, cancellationToken).ConfigureAwait(false);
        if (Interlocked.CompareExchange(ref _parts, null, parts) is null)
            return;
        await parts.CloseAsync(cancellationToken).ConfigureAwait(false);
        ServerLog.Stopped(_logger, ended);
    }

    /// <inheritdoc/>
    public Task<int> DrainAsync(TimeSpan limit, CancellationToken cancellationToken = default)
    {
        if (limit < TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "Not negative, but for Timeout.InfiniteTimeSpan: no limit.");
        return _parts is { } parts ? parts.DrainAsync(limit, cancellationToken) : Task.FromResult(0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <inheritdoc/>
    public bool TryGetCall(string callId, [NotNullWhen(true)] out ISipCall? call)
    {
        Call? found = null;
        call = _parts?.Calls.TryGet(callId, out found) == true ? found.Handle : null;
        return call is not null;
    }

    /// <inheritdoc/>
    public bool TryGetReport(string callId, [NotNullWhen(true)] out CallReport? report)
    {
        report = null;
        if (_parts is not { } parts)
            return false;
        if (!parts.Calls.TryGet(callId, out var call))
            return parts.History.TryGet(callId, out report);
        report = call.NewReport();
        return true;
    }

    /// <inheritdoc/>
    public EndedCallPage FindEndedCalls(EndedCallFilter? filter = null) =>
        _parts?.History.Find(filter ?? new EndedCallFilter()) ?? new EndedCallPage([], null);

    /// <inheritdoc/>
    public IReadOnlyList<CallReport> FindRelatedCalls(string callId)
    {
        if (_parts is not { } parts || !TryGetReport(callId, out var report))
            return [];
        var caller = report.Info.Direction == CallDirection.Incoming
            ? report
            : Near(parts, report).FirstOrDefault(other => EndedCallRules.IsMadeFor(report, other));
        return caller is null ? [report] : EndedCallRules.Related(report, Near(parts, caller).Append(caller), MaxRelated);
    }

    // A report is made for few of the calls that are up: pages ask for one every other second.
    private static IEnumerable<CallReport> Near(ServerParts parts, CallReport of)
    {
        var live = parts.Calls.All.Where(call => EndedCallRules.AreNear(of, call.Info, call.ForCallId)).Select(call => call.NewReport());
        var kept = parts.History.All.Select(kept => kept.Report).Where(other => EndedCallRules.AreNear(of, other.Info, other.ForCallId));
        return live.Concat(kept).DistinctBy(call => call.Id);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RegistrationInfo> FindRegistrations(string username) => _parts?.Registrar.Find(username) ?? [];

    /// <inheritdoc/>
    public ValueTask<ISipCall> CallClientAsync(
        string roomId, string sessionId, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<ISipCall>(Parts.Caller.CallClient(roomId, sessionId, fromNumber, options ?? new OutgoingCallOptions()));
    }

    /// <inheritdoc/>
    public ValueTask<ISipCall> CallUserAsync(
        string roomId, string username, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Parts.Caller.CallUser(roomId, username, fromNumber, options ?? new OutgoingCallOptions()));
    }

    /// <inheritdoc/>
    public ValueTask<ISipCall> CallGroupAsync(
        string roomId, IReadOnlyList<string> usernames, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Parts.Caller.CallGroup(roomId, usernames, fromNumber, options ?? new OutgoingCallOptions()));
    }

    /// <inheritdoc/>
    public async ValueTask<ISipCall> CallServerAsync(
        string roomId, string target, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default) =>
        await Parts.Caller.CallServerAsync(roomId, target, fromNumber, options ?? new OutgoingCallOptions(), cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<ISipCall> CallTrunkAsync(
        string roomId, string trunk, string number, string fromNumber, OutgoingCallOptions? options = null,
            CancellationToken cancellationToken = default) =>
        await Parts.Caller.CallTrunkAsync(roomId, trunk, number, fromNumber, options ?? new OutgoingCallOptions(), cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<RoomBot> AddParticipantAsync(
        string roomId, RoomBotOptions? options = null, CancellationToken cancellationToken = default)
    {
        RoomName.Check(roomId);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Parts.Bots.Add(roomId, options ?? new RoomBotOptions()));
    }

    /// <inheritdoc/>
    public bool SetMaxSpeakers(string roomId, int count)
    {
        RoomName.Check(roomId);
        if (count is < 0 or > 16)
            throw new ArgumentOutOfRangeException(nameof(count), count, "1 to 16 speakers, or 0 for all.");
        return Parts.Rooms.Embedded.SetMaxSpeakers(roomId, count);
    }

    /// <inheritdoc/>
    public IReadOnlyList<MediaStream> Streams => _parts?.Streams.All ?? [];

    /// <inheritdoc/>
    public Task<MediaStream?> StartStreamAsync(string roomId, MediaStreamOptions options)
    {
        RoomName.Check(roomId);
        return Task.FromResult(Parts.Streams.Stream(roomId, options));
    }

    /// <inheritdoc/>
    public IReadOnlyList<Recording> Recordings => _parts?.Recordings.All ?? [];

    /// <inheritdoc/>
    public Task<Recording?> StartRecordingAsync(string roomId, string path, RecordingOptions? options = null)
    {
        RoomName.Check(roomId);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parts.Recordings.RecordAsync(roomId, path, options ?? new RecordingOptions());
    }

    /// <inheritdoc/>
    public Task<PlayResult> PlayAsync(
        string roomId, AudioClip clip, PlayOptions? options = null, CancellationToken cancellationToken = default)
    {
        RoomName.Check(roomId);
        ArgumentNullException.ThrowIfNull(clip);
        var parts = Parts;
        if (RoomPlayer.TryStart(
                parts.Rooms.Embedded, roomId, clip, options ?? new PlayOptions(), parts.Scheduler) is not { } player)
            return Task.FromResult(new PlayResult(PlayEnd.NotPossible, TimeSpan.Zero));
        player.Over.ContinueWith(
            over =>
            {
                if (parts.Events.IsWatched)
                    parts.Events.Tell(new SipServerEvent.Played(null, roomId, over.Result));
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.Register(player.Stop);
            player.Over.ContinueWith(_ => registration.Dispose(), TaskScheduler.Default);
        }

        return player.Over;
    }

    /// <inheritdoc/>
    public Task<MessageResult> SendMessageAsync(
        string target, string fromNumber, string text, SendMessageOptions? options = null, CancellationToken cancellationToken = default) =>
        Parts.Messenger.SendAsync(target, fromNumber, text, options ?? new SendMessageOptions(), cancellationToken);

    /// <inheritdoc/>
    public Task<TrunkInfo> AddTrunkAsync(TrunkOptions trunk)
    {
        ArgumentNullException.ThrowIfNull(trunk);
        return Parts.Trunks.Add(trunk).First;
    }

    /// <summary>
    /// Reads the files of the certificates again, now: the next handshake has the new ones, and open connections stay. By itself the server
    /// looks every <see cref="SipTlsOptions.CertificateCheckInterval"/> whether they have changed.
    /// </summary>
    /// <exception cref="IOException">A file can't be used: what was stays. The message says which and why.</exception>
    /// <exception cref="InvalidOperationException">It is not running.</exception>
    public void RenewCertificates()
    {
        foreach (var transport in Parts.Stack.Transports)
            transport.RenewCertificates();
    }

    /// <inheritdoc/>
    public Task<bool> RemoveTrunkAsync(string name) => Parts.Trunks.RemoveAsync(name);

    /// <inheritdoc/>
    public IAsyncEnumerable<SipServerEvent> WatchAsync(CancellationToken cancellationToken = default) =>
        Parts.Events.Watch(cancellationToken);
}
