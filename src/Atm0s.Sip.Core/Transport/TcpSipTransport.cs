using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Parsing;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport;

/// <summary>SIP over TCP (RFC 3261 §18): accepts connections, opens some, and finds them again by address.</summary>
public sealed class TcpSipTransport : ISipTransport
{
    private readonly SipLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly SourceLimiter _limiter;
    private readonly ConcurrentDictionary<IPEndPoint, TcpSipFlow> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpSipFlow, Task> _running = new();
    private Socket? _listener;
    private ISipTransportSink? _sink;
    private Task _loop = Task.CompletedTask;

    /// <summary>Makes a listener; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="limits">Size limits.</param>
    /// <param name="timeProvider">Clock of the time-outs.</param>
    /// <param name="logger">Log.</param>
    public TcpSipTransport(SipListenerOptions options, SipLimits limits, TimeProvider timeProvider, ILogger logger)
    {
        Options = options;
        _limits = limits;
        _timeProvider = timeProvider;
        _logger = logger;
        _limiter = new SourceLimiter(options.MaxConnections, options.MaxConnectionsPerAddress);
        LocalEndPoint = options.EndPoint;
    }

    /// <inheritdoc/>
    public SipListenerOptions Options { get; }

    /// <inheritdoc/>
    public SipTransportProtocol Protocol => SipTransportProtocol.Tcp;

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint { get; private set; }

    /// <summary>Connections open now.</summary>
    public int ConnectionCount => _connections.Count;

    /// <inheritdoc/>
    public ValueTask StartAsync(ISipTransportSink sink, CancellationToken cancellationToken)
    {
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
        _loop = Task.Run(AcceptAsync, CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public SipFlow? TryGetFlow(IPEndPoint remote)
    {
        if (remote.AddressFamily != LocalEndPoint.AddressFamily || _sink is null || _stop.IsCancellationRequested)
            return null;
        if (_connections.TryGetValue(remote, out var flow) && !flow.IsClosed)
            return flow;

        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        WatchPeer(socket);
        var opened = new TcpSipFlow(this, socket, LocalEndPoint, remote);
        if (_connections.TryAdd(remote, opened))
        {
            Track(opened, ConnectAsync(opened));
            // The stop may have passed by in between.
            if (_stop.IsCancellationRequested)
                opened.Close();
            return opened;
        }

        opened.Dispose();
        return _connections.TryGetValue(remote, out flow) ? flow : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        // The loop first, or it takes in one more connection that nobody closes.
        await _loop.ConfigureAwait(false);
        foreach (var connection in _connections.Values)
            connection.Close();
        // Nothing comes to the sink after this.
        foreach (var running in _running.Values)
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    internal void OnClosed(TcpSipFlow flow)
    {
        // A connection that lost the race to be the one to its peer was never in the table, and nobody knows it.
        if (_connections.TryRemove(KeyValuePair.Create(flow.RemoteEndPoint, flow)))
            _sink?.OnFlowClosed(flow);
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener!.AcceptAsync(_stop.Token).ConfigureAwait(false);
                Accept(socket);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                if (_stop.IsCancellationRequested)
                    return;
                TransportLog.AcceptFailed(_logger, exception, LocalEndPoint);
            }
        }
    }

    private void Accept(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint remote || socket.LocalEndPoint is not IPEndPoint local
            || !_limiter.TryEnter(remote.Address))
        {
            TransportLog.ConnectionRefused(_logger, socket.RemoteEndPoint as IPEndPoint);
            socket.Dispose();
            return;
        }

        socket.NoDelay = true;
        WatchPeer(socket);
        var flow = new TcpSipFlow(this, socket, new IPEndPoint(local.Address, LocalEndPoint.Port), remote);
        if (!_connections.TryAdd(remote, flow))
        {
            _limiter.Leave(remote.Address);
            flow.Dispose();
            return;
        }

        Track(flow, RunAsync(flow, accepted: true));
    }

    // A connection that somebody depends on may be silent for hours: whether its peer is still there the system finds out, within three
    // minutes.
    private static void WatchPeer(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 120);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }

    private void Track(TcpSipFlow flow, Task task)
    {
        _running[flow] = task;
        task.ContinueWith(_ => _running.TryRemove(flow, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task ConnectAsync(TcpSipFlow flow)
    {
        try
        {
            using var limit = new CancellationTokenSource(Options.MessageTimeout, _timeProvider);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, flow.Closed);
            await flow.Socket.ConnectAsync(flow.RemoteEndPoint, both.Token).ConfigureAwait(false);
            flow.SetLocalAddress(((IPEndPoint)flow.Socket.LocalEndPoint!).Address);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            TransportLog.ConnectFailed(_logger, exception, flow.RemoteEndPoint);
            flow.Close();
            return;
        }

        await RunAsync(flow, accepted: false).ConfigureAwait(false);
    }

    private async Task RunAsync(TcpSipFlow flow, bool accepted)
    {
        try
        {
            var writing = flow.WriteAsync(_logger);
            await new TcpReceiver(flow, Options, _limits, _timeProvider, _sink!, _logger, accepted).RunAsync().ConfigureAwait(false);
            // A peer that closed its side and does not read either must not keep the connection.
            await writing.WaitAsync(Options.MessageTimeout, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            TransportLog.ConnectionTimedOut(_logger, flow.RemoteEndPoint);
        }
        finally
        {
            flow.Close();
            if (accepted)
                _limiter.Leave(flow.RemoteEndPoint.Address);
        }
    }
}
