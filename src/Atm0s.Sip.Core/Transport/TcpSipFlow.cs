using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Atm0s.Sip.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Transport;

/// <summary>One TCP connection: accepted, or opened by us. What is sent goes into a bounded queue that one writer empties.</summary>
internal sealed class TcpSipFlow : SipFlow, IDisposable
{
    private const int QueueCapacity = 512;

    private readonly TcpSipTransport _transport;
    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(QueueCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly CancellationTokenSource _closed = new();
    private readonly Socket _socket;
    private IPEndPoint _local;
    private int _isClosed;
    private int _holders;

    public TcpSipFlow(TcpSipTransport transport, Socket socket, IPEndPoint local, IPEndPoint remote)
    {
        _transport = transport;
        _socket = socket;
        _local = local;
        RemoteEndPoint = remote;
    }

    public override SipTransportProtocol Protocol => SipTransportProtocol.Tcp;

    /// <summary>
    /// Our address on the connection, with the port of the listener: that is where the peer finds us again when the connection is gone.
    /// </summary>
    public override IPEndPoint LocalEndPoint => _local;

    public override IPEndPoint RemoteEndPoint { get; }

    public override string SentBy => SentByText.Create(_transport.Options, _local, RemoteEndPoint.Address);

    public override bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    public Socket Socket => _socket;

    /// <summary>Whether somebody depends on the connection, so that it may be silent for longer than a stranger's.</summary>
    public bool IsHeld => Volatile.Read(ref _holders) > 0;

    /// <summary>Cancelled when the connection is closed.</summary>
    public CancellationToken Closed => _closed.Token;

    public override bool TrySend(ReadOnlySpan<byte> message) => !IsClosed && _queue.Writer.TryWrite(message.ToArray());

    internal override void Hold() => Interlocked.Increment(ref _holders);

    internal override void Release() => Interlocked.Decrement(ref _holders);

    public void SetLocalAddress(IPAddress address) => _local = new IPEndPoint(address, _local.Port);

    /// <summary>Empties the queue until the connection closes.</summary>
    public async Task WriteAsync(ILogger logger)
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync(Closed).ConfigureAwait(false))
                await SendAllAsync(message).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            TransportLog.ConnectionFailed(logger, exception, RemoteEndPoint);
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Closes the connection. The first call tells the transport; more do nothing.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        _queue.Writer.TryComplete();
        _closed.Cancel();
        _socket.Dispose();
        _transport.OnClosed(this);
    }

    /// <summary>Lets what is queued go out, then closes: for an answer that is the last word on this connection.</summary>
    public void CloseAfterWriting() => _queue.Writer.TryComplete();

    public void Dispose()
    {
        Close();
        _closed.Dispose();
    }

    private async Task SendAllAsync(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var sent = await _socket.SendAsync(message, SocketFlags.None, Closed).ConfigureAwait(false);
            message = message[sent..];
        }
    }
}
