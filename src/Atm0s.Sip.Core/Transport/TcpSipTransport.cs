using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// SIP over TCP, and over TLS (RFC 3261 §18, §26.2.1): accepts connections, opens some, and finds them again by address, those of TLS also
/// by whom they were opened for.
/// </summary>
public sealed class TcpSipTransport : ISipTransport
{
    // The time limits are seconds: they are looked at once in each.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    // Connections whose peer has closed its side and waits for an answer: they have no place any more, so this is all that bounds them.
    private const int MaxDraining = 256;

    // Connections that we open, and that are not there yet, or that nothing depends on: whoever names addresses in his messages must not
    // make us open one to each.
    private const int MaxUnproven = 1000;
    private const int MaxUnprovenPerAddress = 16;

    private static readonly TimeSpan AcceptLogInterval = TimeSpan.FromMinutes(1);

    private readonly SipLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly long _started;
    private readonly ILogger _logger;
    private readonly TcpPlaces _places;
    private readonly SourceLimiter _unproven = new(MaxUnproven, MaxUnprovenPerAddress);
    private readonly ITimer _timer;
    private readonly CertificateRefusals _refusals = new();
    private readonly ConnectionIndex _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpSipFlow, bool> _flows = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _draining;
    private Socket? _listener;
    private ISipTransportSink? _sink;
    private Task _loop = Task.CompletedTask;

    /// <summary>Makes a listener; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="limits">Size limits.</param>
    /// <param name="timeProvider">Clock of the time-outs.</param>
    /// <param name="logger">Log.</param>
    /// <param name="meterFactory">Makes its meter; null makes one that belongs to nobody.</param>
    public TcpSipTransport(
        SipListenerOptions options, SipLimits limits, TimeProvider timeProvider, ILogger logger, IMeterFactory? meterFactory = null)
    {
        Options = options;
        _limits = limits;
        _timeProvider = timeProvider;
        _logger = logger;
        _started = timeProvider.GetTimestamp();
        _places = new TcpPlaces(options.MaxConnections, options.MaxConnectionsPerAddress);
        Budget = new ByteBudget(options.MaxBufferedBytes);
        if (options.Protocol == SipTransportProtocol.Tls)
            Tls = new TlsContext(options.Tls ?? new SipTlsOptions(), options, timeProvider, logger);
        Metrics = new TransportMetrics(
            () => $"{Protocol.ToName()}://{LocalEndPoint}", () => ConnectionCount, () => Budget.Used,
            () => CertificateEnds - timeProvider.GetUtcNow(), meterFactory);
        LocalEndPoint = options.EndPoint;
        _timer = timeProvider.CreateTimer(
            static transport => ((TcpSipTransport)transport!).CheckTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public SipListenerOptions Options { get; }

    /// <inheritdoc/>
    public SipTransportProtocol Protocol => Tls is null ? SipTransportProtocol.Tcp : SipTransportProtocol.Tls;

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<ReceiverState> Receivers =>
        _listener is null ? [] : [new ReceiverState(!_loop.IsCompleted && !_stop.IsCancellationRequested, 0, false)];

    /// <summary>Connections open now.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Time since it was made.</summary>
    internal TimeSpan Now => _timeProvider.GetElapsedTime(_started);

    internal ByteBudget Budget { get; }

    /// <summary>What handshakes have in common; null without TLS.</summary>
    internal TlsContext? Tls { get; }

    internal TimeSpan IdleTimeout => Tls?.Options.IdleTimeout ?? Options.IdleTimeout;

    internal TimeSpan FirstMessageTimeout => Options.FirstMessageTimeout;

    internal TransportMetrics Metrics { get; }

    /// <inheritdoc/>
    public ValueTask StartAsync(ISipTransportSink sink, CancellationToken cancellationToken)
    {
        Tls?.Certificates.Read();
        var listener = new Socket(Options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (listener.AddressFamily == AddressFamily.InterNetworkV6)
                listener.DualMode = false;
            listener.Bind(Options.EndPoint);
            listener.Listen(512);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        _sink = sink;
        LocalEndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _timer.Change(CheckInterval, CheckInterval);
        _loop = Task.Run(AcceptAsync, CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public SipFlow? TryGetFlow(IPEndPoint remote) => TryGetFlow(remote, null);

    /// <inheritdoc/>
    public SipFlow? TryGetFlow(IPEndPoint remote, TlsPeer? peer)
    {
        if (remote.AddressFamily != LocalEndPoint.AddressFamily || _sink is null || _stop.IsCancellationRequested)
            return null;
        if (Tls is null)
            peer = null;
        else if (_connections.FindAccepted(remote, peer) is { } accepted)
            return accepted;
        else
            peer ??= new TlsPeer(remote.Address.ToString());
        var key = new ConnectionKey(remote, peer);
        var flow = _connections.Find(key);
        if (flow is { IsClosed: false })
            return flow;

        if (!_unproven.TryEnter(remote.Address))
        {
            Guard(() =>
            {
                Metrics.Refused();
                TransportLog.NotOpened(_logger, remote);
            });
            return null;
        }

        if (TryMakeSocket(remote) is not { } socket)
        {
            _unproven.Leave(remote.Address);
            return null;
        }

        var opened = new TcpSipFlow(this, socket, LocalEndPoint, remote, accepted: false, peer);
        // One that is closed, but not told of yet, is in nobody's way.
        if (!_connections.TryAdd(opened, closed: flow))
        {
            // Somebody else opened one meanwhile.
            socket.Dispose();
            _unproven.Leave(remote.Address);
            return _connections.Find(key);
        }

        _flows[opened] = true;
        _ = ConnectAsync(opened);
        // The stop may have passed by in between.
        if (_stop.IsCancellationRequested)
            opened.Close(TcpCloseReason.Stopped);
        return opened;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        try
        {
            // Nothing comes to the sink after this.
            await EndAsync().WaitAsync(UdpSipTransport.StopTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Something that a connection runs does not come back.
            Guard(() => TransportLog.ConnectionsStuck(_logger, LocalEndPoint));
        }

        _stop.Dispose();
        Metrics.Dispose();
    }

    /// <inheritdoc/>
    public DateTimeOffset? CertificateEnds => Tls?.Certificates.Ends;

    /// <inheritdoc/>
    public void RenewCertificates() => Tls?.Certificates.Read();

    internal void OnSpoke(TcpSipFlow flow)
    {
        if (flow.IsAccepted)
            _places.OnSpoke(flow);
    }

    internal bool TryBeginDraining()
    {
        if (Interlocked.Increment(ref _draining) <= MaxDraining)
            return true;
        EndDraining();
        return false;
    }

    internal void EndDraining() => Interlocked.Decrement(ref _draining);

    /// <summary>Nobody sends over it any more, but for answers that are owed.</summary>
    internal void TellClosed(TcpSipFlow flow)
    {
        if (flow.IsAccepted)
            _places.Leave(flow);
        _connections.Remove(flow);
        Guard(() => _sink?.OnFlowClosed(flow));
    }

    /// <summary>One that we opened is there and something depends on it, or it is closed.</summary>
    internal void OnProven(TcpSipFlow flow) => _unproven.Leave(flow.RemoteEndPoint.Address);

    /// <summary>Its socket is closed.</summary>
    internal void OnClosed(TcpSipFlow flow, TcpCloseReason reason, Exception? exception)
    {
        Guard(() => Metrics.Closed(reason));
        Guard(() => TransportLog.ConnectionClosed(_logger, exception, flow.RemoteEndPoint, reason));
    }

    /// <summary>Nobody works for it any more.</summary>
    internal void OnGone(TcpSipFlow flow)
    {
        _flows.TryRemove(flow, out _);
        if (_stop.IsCancellationRequested && _flows.IsEmpty)
            _empty.TrySetResult();
    }

    private void CheckTime()
    {
        if (Tls is { } tls)
            Guard(() => tls.Certificates.CheckTime(Now));
        foreach (var (flow, _) in _flows)
        {
            try
            {
                flow.CheckTime(Now);
            }
#pragma warning disable CA1031 // One connection's fault must end neither the watch over the others nor the process.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Guard(() => TransportLog.TellingFailed(_logger, exception, LocalEndPoint));
            }
        }
    }

    // The calls of an application, a log or a listener of metrics: what they throw must end neither a connection's work nor the process.
    internal void Guard(Action telling)
    {
        try
        {
            telling();
        }
#pragma warning disable CA1031 // See above.
        catch (Exception exception)
        {
            try
            {
                TransportLog.TellingFailed(_logger, exception, LocalEndPoint);
            }
            catch
#pragma warning restore CA1031
            {
                // It was the log.
            }
        }
    }

    private async Task EndAsync()
    {
        // The loop first, or it takes in one more connection that nobody closes.
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _timer.DisposeAsync().ConfigureAwait(false);
        foreach (var (flow, _) in _flows)
            flow.Close(TcpCloseReason.Stopped);
        if (!_flows.IsEmpty)
            await _empty.Task.ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await AcceptManyAsync().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever it was: nobody could connect any more.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Guard(() => TransportLog.AcceptFailed(_logger, exception, LocalEndPoint));
                await Task.Delay(AcceptPause.Longest, _timeProvider, _stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task AcceptManyAsync()
    {
        var pause = new AcceptPause();
        var isTold = false;
        var toldAt = TimeSpan.MinValue;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener!.AcceptAsync(_stop.Token).ConfigureAwait(false);
                Accept(socket);
                if (pause.OnSuccess() && isTold)
                {
                    isTold = false;
                    Guard(() => TransportLog.AcceptGoesOn(_logger, LocalEndPoint));
                }
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException exception)
            {
                var wait = pause.OnFailure(exception.SocketErrorCode);
                if (wait == TimeSpan.Zero)
                    continue;
                // Who never said anything has the descriptor that somebody else needs.
                if (_places.TakeOldestSilent(Now) is TcpSipFlow silent)
                {
                    silent.Close(TcpCloseReason.GaveWay);
                    continue;
                }

                Guard(Metrics.AcceptPaused);
                if (toldAt == TimeSpan.MinValue || Now - toldAt >= AcceptLogInterval)
                {
                    (isTold, toldAt) = (true, Now);
                    Guard(() => TransportLog.AcceptPauses(_logger, LocalEndPoint, exception.SocketErrorCode));
                }

                await Task.Delay(wait, _timeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Accept(Socket socket)
    {
        TcpSipFlow? flow = null;
        try
        {
            var remote = (IPEndPoint)socket.RemoteEndPoint!;
            var local = (IPEndPoint)socket.LocalEndPoint!;
            TcpSocketSettings.Apply(socket);
            flow = new TcpSipFlow(this, socket, new IPEndPoint(local.Address, LocalEndPoint.Port), remote, accepted: true);
            if (!_places.TryEnter(flow, Now, out var givesWay))
            {
                socket.Dispose();
                Guard(Metrics.Refused);
                Guard(() => TransportLog.ConnectionRefused(_logger, remote));
                return;
            }

            (givesWay as TcpSipFlow)?.Close(TcpCloseReason.GaveWay);
            if (!_connections.TryAdd(flow))
            {
                _places.Leave(flow);
                socket.Dispose();
                return;
            }

            _flows[flow] = true;
            Guard(Metrics.Accepted);
            _ = Tls is null ? ReceiveAsync(flow) : SecureAsync(flow);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (flow is not null)
                _places.Leave(flow);
            // Else it was closed again before it was looked at.
            if (exception is not (SocketException or ObjectDisposedException))
                throw;
        }
    }

    private Socket? TryMakeSocket(IPEndPoint remote)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            TcpSocketSettings.Apply(socket);
            return socket;
        }
        catch (SocketException exception)
        {
            // Out of descriptors.
            socket?.Dispose();
            Guard(() => TransportLog.ConnectFailed(_logger, exception, remote));
            return null;
        }
    }

    private async Task ConnectAsync(TcpSipFlow flow)
    {
        var isOpen = false;
        try
        {
            await flow.Socket.ConnectAsync(flow.RemoteEndPoint).ConfigureAwait(false);
            await flow.SecureAsync().ConfigureAwait(false);
            isOpen = flow.OnConnected();
        }
#pragma warning disable CA1031 // Whatever it was: a connection that nobody reads must not stay.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Guard(() => TransportLog.ConnectFailed(_logger, exception, flow.RemoteEndPoint));
            if (exception is CertificateRefusedException refused && _refusals.TryTell(flow.RemoteEndPoint, Now))
                Guard(() => TransportLog.CertificateRefused(_logger, flow.RemoteEndPoint, flow.Peer?.Name, refused.Why));
            flow.Close(TcpCloseReason.NotReached, exception);
        }

        if (isOpen)
            await ReceiveAsync(flow).ConfigureAwait(false);
        else
            flow.Leave();
    }

    // One that is accepted has its place before anything is calculated for it.
    private async Task SecureAsync(TcpSipFlow flow)
    {
        // On another thread than the one that accepts.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var isOpen = false;
        try
        {
            await flow.SecureAsync().ConfigureAwait(false);
            isOpen = flow.OnConnected();
        }
#pragma warning disable CA1031 // Whatever it was: a connection that nobody reads must not stay.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            flow.Close(TcpCloseReason.NotSecured, exception);
        }

        if (isOpen)
            await ReceiveAsync(flow).ConfigureAwait(false);
        else
            flow.Leave();
    }

    private async Task ReceiveAsync(TcpSipFlow flow)
    {
        // On another thread than the one that accepts.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var share = Budget.ShareOf(flow.RemoteEndPoint.Address, isReceived: true);
            await new TcpReceiver(flow, _limits, share, _connections, _sink!).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            flow.Leave();
        }
    }
}
