using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.WebSockets;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.WebSockets.Metering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.WebSockets;

/// <summary>
/// SIP over the WebSockets that an ASP.NET Core host accepts (RFC 7118). It opens none: a peer is reached over the connection that it has
/// opened, or not at all.
/// </summary>
internal sealed class WebSocketSipTransport : ISipTransport
{
    // The time limits are seconds: they are looked at once in each.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private const int MaxDrained = 1 << 20;

    // Connections whose place another has, while they are told why; those beyond it are told nothing.
    private const int MaxLeaving = 64;

    private readonly SipWebSocketOptions _settings;
    private readonly SipLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly long _started;
    private readonly TcpPlaces _places;
    private readonly ITimer _timer;
    private readonly ConcurrentDictionary<WebSocketSipFlow, bool> _flows = new();
    private readonly ConcurrentDictionary<WebSocketSipFlow, bool> _leaving = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ISipTransportSink? _sink;
    private volatile bool _isStopped;
    private int _hasToldOfProxy;

    /// <param name="path">Names it in metrics.</param>
    /// <param name="settings">Settings.</param>
    /// <param name="limits">Size limits of messages.</param>
    /// <param name="timeProvider">Clock of the time-outs.</param>
    /// <param name="logger">Log.</param>
    /// <param name="meterFactory">Makes its meter; null makes one that belongs to nobody.</param>
    public WebSocketSipTransport(
        string path,
        SipWebSocketOptions settings,
        SipLimits limits,
        TimeProvider timeProvider,
        ILogger logger,
        IMeterFactory? meterFactory = null)
    {
        _settings = settings;
        _limits = limits;
        _timeProvider = timeProvider;
        _logger = logger;
        _started = _timeProvider.GetTimestamp();
        Options = new SipListenerOptions
        {
            Protocol = SipTransportProtocol.Ws,
            EndPoint = new IPEndPoint(IPAddress.Any, 0),
            AdvertisedHost = settings.AdvertisedHost,
            MaxConnections = settings.MaxConnections,
            MaxConnectionsPerAddress = settings.MaxConnectionsPerAddress,
            FirstMessageTimeout = settings.FirstMessageTimeout,
            IdleTimeout = settings.IdleTimeout,
            MessageTimeout = settings.MessageTimeout,
            SendTimeout = settings.SendTimeout,
            MaxSendBytes = settings.MaxSendBytes,
            MaxBufferedBytes = settings.MaxBufferedBytes,
        };
        _places = new TcpPlaces(settings.MaxConnections, settings.MaxConnectionsPerAddress);
        Budget = new ByteBudget(settings.MaxBufferedBytes);
        Metrics = new TransportMetrics(() => $"ws:{path}", () => _places.Count, () => Budget.Used, () => null, meterFactory);
        _timer = _timeProvider.CreateTimer(
            static transport => ((WebSocketSipTransport)transport!).CheckTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public SipListenerOptions Options { get; }

    /// <inheritdoc/>
    public SipTransportProtocol Protocol => SipTransportProtocol.Ws;

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint => Options.EndPoint;

    /// <inheritdoc/>
    public string? ListenUri => null;

    public TimeSpan Now => _timeProvider.GetElapsedTime(_started);

    public ByteBudget Budget { get; }

    public TransportMetrics Metrics { get; }

    /// <summary>Connections that have a place.</summary>
    public int ConnectionCount => _places.Count;

    /// <inheritdoc/>
    public ValueTask StartAsync(ISipTransportSink sink, CancellationToken cancellationToken)
    {
        _sink = sink;
        _timer.Change(CheckInterval, CheckInterval);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public SipFlow? TryGetFlow(IPEndPoint remote) => null;

    /// <summary>Serves one request, for as long as its connection lasts.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (_sink is not { } sink || _isStopped)
        {
            await RefuseAsync(context, HandshakeVerdict.NotRunning).ConfigureAwait(false);
            return;
        }

        var verdict = Handshake.Judge(context, _settings);
        if (verdict.Status != 0)
        {
            TellRefused(context, verdict);
            await RefuseAsync(context, verdict).ConfigureAwait(false);
            return;
        }

        TellOfProxy(context);
        var flow = NewFlow(context);
        if (!_places.TryEnter(flow, Now, out var givesWay))
        {
            TellRefused(context, HandshakeVerdict.NoPlace);
            await RefuseAsync(context, HandshakeVerdict.NoPlace).ConfigureAwait(false);
            return;
        }

        _flows[flow] = true;
        if (givesWay is WebSocketSipFlow old)
            GiveWay(old);
        try
        {
            await ServeAsync(context, flow, sink).ConfigureAwait(false);
        }
        finally
        {
            flow.End(TcpCloseReason.Failed);
            _places.Leave(flow);
            _flows.TryRemove(flow, out _);
            _leaving.TryRemove(flow, out _);
            Guard(() => Metrics.Closed(flow.Reason));
            Guard(() => TransportLog.ConnectionClosed(_logger, null, flow.RemoteEndPoint, flow.Reason));
            if (_isStopped && _flows.IsEmpty)
                _empty.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        foreach (var (flow, _) in _flows)
            flow.Close(TcpCloseReason.Stopped, WebSocketCloseStatus.EndpointUnavailable, "the server stops");
        try
        {
            if (!_flows.IsEmpty)
                await _empty.Task.WaitAsync(StopTimeout, _timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            foreach (var (flow, _) in _flows)
                flow.Abort(TcpCloseReason.Stopped);
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        Metrics.Dispose();
    }

    /// <summary>It has said something.</summary>
    internal void OnSpoke(WebSocketSipFlow flow) => _places.OnSpoke(flow);

    /// <summary>Nobody sends over it any more; it has its place until it is gone.</summary>
    internal void TellClosed(WebSocketSipFlow flow) => Guard(() => _sink?.OnFlowClosed(flow));

    // It has no place any more, and what it holds is counted nowhere: only so many may be there for the two seconds of a farewell.
    private void GiveWay(WebSocketSipFlow old)
    {
        if (_leaving.Count >= MaxLeaving)
        {
            old.Abort(TcpCloseReason.GaveWay);
            return;
        }

        _leaving[old] = true;
        // It may have gone meanwhile.
        if (!_flows.ContainsKey(old))
            _leaving.TryRemove(old, out _);
        old.Close(TcpCloseReason.GaveWay, WebSocketCloseStatus.PolicyViolation, "too many connections");
    }

    private async Task ServeAsync(HttpContext context, WebSocketSipFlow flow, ISipTransportSink sink)
    {
        using var socket = await AcceptAsync(context).ConfigureAwait(false);
        if (!flow.Open(socket, context.Abort))
        {
            socket.Abort();
            return;
        }

        Guard(Metrics.Accepted);
        // The stop may have passed by in between.
        if (_isStopped)
            flow.Close(TcpCloseReason.Stopped, WebSocketCloseStatus.EndpointUnavailable, "the server stops");
        try
        {
            var share = Budget.ShareOf(flow.RemoteEndPoint.Address, isReceived: true);
            var reason = await new WebSocketReceiver(flow, socket, context.Features.Get<ByteMeter>(), _limits, share, sink).RunAsync().ConfigureAwait(false);
            if (reason == TcpCloseReason.PeerClosed)
            {
                // RFC 6455 §5.5.1: a Close is answered by one.
                flow.Close(reason, WebSocketCloseStatus.NormalClosure, "");
                await flow.Closing.ConfigureAwait(false);
                flow.End(reason);
            }

            flow.Abort(reason);
        }
#pragma warning disable CA1031 // Whatever it was: a connection that nobody reads any more must not stay open.
        catch (Exception)
#pragma warning restore CA1031
        {
            flow.End(TcpCloseReason.Failed);
            // For what is against the rules of WebSocket the peer has been told why (RFC 6455 §7.1.7): a connection that is closed over
            // unread bytes is reset, and that is lost.
            using var limit = new CancellationTokenSource(WebSocketSipFlow.CloseTimeout, _timeProvider);
            if (context.Features.Get<ByteMeter>() is { } meter)
                await meter.DrainAsync(MaxDrained, limit.Token).ConfigureAwait(false);
        }
    }

    private Task<WebSocket> AcceptAsync(HttpContext context) => context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
    {
        SubProtocol = Handshake.Subprotocol,
        KeepAliveInterval = _settings.KeepAliveInterval,
        KeepAliveTimeout = _settings.KeepAliveTimeout,
    });

    private WebSocketSipFlow NewFlow(HttpContext context)
    {
        var connection = context.Connection;
        return new WebSocketSipFlow(
            this,
            context.Request.IsHttps,
            EndPointOf(connection.LocalIpAddress, connection.LocalPort),
            EndPointOf(connection.RemoteIpAddress, connection.RemotePort));
    }

    // A pipe or the server of a test has no address.
    private static IPEndPoint EndPointOf(IPAddress? address, int port) => new(
        address is null ? IPAddress.Loopback : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);

    private static async Task RefuseAsync(HttpContext context, HandshakeVerdict verdict)
    {
        context.Response.StatusCode = verdict.Status;
        if (verdict.Status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "5";
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(verdict.Reason, context.RequestAborted).ConfigureAwait(false);
    }

    private void TellRefused(HttpContext context, HandshakeVerdict verdict)
    {
        Guard(Metrics.Refused);
        Guard(() => WebSocketLog.HandshakeRefused(_logger, context.Connection.RemoteIpAddress, verdict.Status, verdict.Reason));
    }

    // Once: whoever connects may write such a field.
    private void TellOfProxy(HttpContext context)
    {
        if (ForwardedFields.UnreadOf(context.Request.Headers) is { } field && Interlocked.Exchange(ref _hasToldOfProxy, 1) == 0)
            Guard(() => WebSocketLog.ProxyUnread(_logger, context.Connection.RemoteIpAddress, field));
    }

    private void CheckTime()
    {
        var now = Now;
        foreach (var (flow, _) in _flows)
        {
            try
            {
                flow.CheckTime(now);
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
}
