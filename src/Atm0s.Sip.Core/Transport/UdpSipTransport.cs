using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport.Linux;
using Atm0s.Sip.Core.Transport.Udp;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// SIP over UDP (RFC 3261 §18): one socket with one receiving thread, or as many as <see cref="SipListenerOptions.ReceiveThreads"/> says.
/// </summary>
public sealed class UdpSipTransport : ISipTransport
{
    /// <summary>How long a stop waits for what is still being told.</summary>
    internal static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly SipLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly List<UdpReceiver> _receivers = [];
    private LocalAddresses? _addresses;
    private ISipTransportSink? _sink;
    private UdpSocket? _socket;
    private volatile bool _isStopped;

    /// <summary>Makes a listener; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="limits">Size limits.</param>
    /// <param name="logger">Log.</param>
    /// <param name="timeProvider">Clock of what is logged once a minute; null takes the system's.</param>
    public UdpSipTransport(SipListenerOptions options, SipLimits limits, ILogger logger, TimeProvider? timeProvider = null)
    {
        Options = options;
        _limits = limits;
        _logger = logger;
        _timeProvider = timeProvider ?? TimeProvider.System;
        LocalEndPoint = options.EndPoint;
    }

    /// <inheritdoc/>
    public SipListenerOptions Options { get; }

    /// <inheritdoc/>
    public SipTransportProtocol Protocol => SipTransportProtocol.Udp;

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<ReceiverState> Receivers => [.. _receivers.Select(receiver => receiver.State)];

    /// <summary>Whether it goes without recvmmsg also where that is there: for tests.</summary>
    internal bool IsPlain { get; init; }

    /// <inheritdoc/>
    public ValueTask StartAsync(ISipTransportSink sink, CancellationToken cancellationToken)
    {
        var sockets = UdpSockets.Open(Options, _logger);
        _sink = sink;
        LocalEndPoint = (IPEndPoint)sockets[0].LocalEndPoint!;
        _addresses = new LocalAddresses(LocalEndPoint);
        var opened = new List<UdpSocket>();
        try
        {
            foreach (var socket in sockets)
                opened.Add(Open(socket));
        }
        catch
        {
            // These first: they hold their sockets open.
            opened.ForEach(socket => socket.Dispose());
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }

        _socket = opened[0];
        _receivers.AddRange(opened.Select(socket => new UdpReceiver(this, socket, sink, _limits, _timeProvider, _logger)));
        foreach (var receiver in _receivers)
            receiver.Start();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public SipFlow? TryGetFlow(IPEndPoint remote) =>
        remote.AddressFamily == LocalEndPoint.AddressFamily ? new UdpSipFlow(this, remote) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isStopped = true;
        foreach (var receiver in _receivers)
            receiver.Stop();
        try
        {
            // Nothing comes to the sink after this.
            await Task.WhenAll(_receivers.Select(receiver => receiver.Ended)).WaitAsync(StopTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Something that it runs does not come back. The socket is closed when it does.
            TransportLog.ReceiverStuck(_logger, LocalEndPoint);
        }
    }

    internal IPEndPoint LocalTowards(IPEndPoint remote) => _addresses?.Towards(remote) ?? LocalEndPoint;

    internal bool TrySend(UdpSipFlow flow, ReadOnlySpan<byte> message)
    {
        if (_socket is not { } socket || _isStopped)
            return false;
        return ShardTurn.Current?.Owner is UdpReceiver receiver && receiver.IsOf(this)
            ? receiver.Send(flow, message)
            : SendNow(socket, flow, message);
    }

    internal bool SendNow(UdpSocket socket, UdpSipFlow flow, ReadOnlySpan<byte> message)
    {
        try
        {
            var error = socket.Send(message, flow.Address);
            if (error != 0)
                OnSendFailed(flow, error);
            else
                flow.HasFailed = false;
            return error == 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    internal void OnSendFailed(UdpSipFlow flow, int error)
    {
        flow.HasFailed = true;
        try
        {
            _sink?.OnSendFailed(flow);
            TransportLog.SendFailed(_logger, flow.RemoteEndPoint, Marshal.GetPInvokeErrorMessage(error));
        }
#pragma warning disable CA1031 // A log that throws must not cost the messages behind this one.
        catch
#pragma warning restore CA1031
        {
        }
    }

    private UdpSocket Open(Socket socket) =>
        IsPlain || !LibC.IsUsable ? new PlainUdpSocket(socket) : new LinuxUdpSocket(socket, _limits.MaxMessageSize);
}
