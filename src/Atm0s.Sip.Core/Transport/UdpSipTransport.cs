using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport;

/// <summary>SIP over UDP (RFC 3261 §18): one socket, one loop.</summary>
public sealed class UdpSipTransport : ISipTransport
{
    private const int ReceiveBuffer = 4 << 20;      // a burst of 3,000 messages while the process collects garbage

    private readonly SipLimits _limits;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(65_536, pinned: true);
    private Socket? _socket;
    private LocalAddresses? _addresses;
    private ISipTransportSink? _sink;
    private Task _loop = Task.CompletedTask;

    /// <summary>Makes a listener; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="limits">Size limits.</param>
    /// <param name="logger">Log.</param>
    public UdpSipTransport(SipListenerOptions options, SipLimits limits, ILogger logger)
    {
        Options = options;
        _limits = limits;
        _logger = logger;
        LocalEndPoint = options.EndPoint;
    }

    /// <inheritdoc/>
    public SipListenerOptions Options { get; }

    /// <inheritdoc/>
    public SipTransportProtocol Protocol => SipTransportProtocol.Udp;

    /// <inheritdoc/>
    public IPEndPoint LocalEndPoint { get; private set; }

    /// <inheritdoc/>
    public ValueTask StartAsync(ISipTransportSink sink, CancellationToken cancellationToken)
    {
        var socket = new Socket(Options.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (socket.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(Options.EndPoint);
            socket.ReceiveBufferSize = ReceiveBuffer;
            IgnorePortUnreachable(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _socket = socket;
        _sink = sink;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _addresses = new LocalAddresses(LocalEndPoint);
        _loop = Task.Run(ReceiveAsync, CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public SipFlow? TryGetFlow(IPEndPoint remote) =>
        remote.AddressFamily == LocalEndPoint.AddressFamily ? new UdpSipFlow(this, remote) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket?.Dispose();
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    internal IPEndPoint LocalTowards(IPEndPoint remote) => _addresses?.Towards(remote) ?? LocalEndPoint;

    internal bool TrySend(ReadOnlySpan<byte> message, IPEndPoint remote)
    {
        try
        {
            return _socket is { } socket && socket.SendTo(message, SocketFlags.None, remote) == message.Length;
        }
        catch (SocketException exception)
        {
            TransportLog.SendFailed(_logger, exception, remote);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    // Windows reports an ICMP port unreachable of one peer on the socket of all.
    private static void IgnorePortUnreachable(Socket socket)
    {
        const int UdpConnectionReset = unchecked((int)0x9800000C);
        if (OperatingSystem.IsWindows())
            socket.IOControl(UdpConnectionReset, [0], null);
    }

    private async Task ReceiveAsync()
    {
        var socket = _socket!;
        var source = new SocketAddress(socket.AddressFamily);
        var template = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(_buffer, SocketFlags.None, source, _stop.Token).ConfigureAwait(false);
                OnDatagram(_buffer.AsSpan(0, length), (IPEndPoint)template.Create(source));
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
                // An ICMP error of some peer: no reason to stop listening to the others.
                if (_stop.IsCancellationRequested)
                    return;
                TransportLog.ReceiveFailed(_logger, exception, LocalEndPoint);
            }
        }
    }

    private void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        // RFC 5626 §3.5.1: keep-alives of blank lines mean nothing.
        if (datagram.Length <= 4 && !datagram.ContainsAnyExcept((byte)'\r', (byte)'\n'))
            return;
        if (SipParser.TryParse(datagram, _limits, isStream: false, out var message, out var refusal))
        {
            message.RemoteEndPoint = remote;
            if (refusal != SipRefusal.None)
                _sink!.OnRefused(refusal, datagram.Length);
            _sink!.OnMessage(new UdpSipFlow(this, remote), message);
        }
        else
        {
            _sink!.OnRefused(refusal, datagram.Length);
        }
    }
}
