using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>
/// A NAT in front of one phone: what the phone sends to <see cref="Inside"/> goes on from a port of the box, and what comes to that port goes back.
/// The port changes when the box is told so, and then nothing leads back by the old one.
/// </summary>
internal sealed class NatBox : IAsyncDisposable
{
    private readonly Socket _inside = Bound();
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _running = [];
    private IPEndPoint? _phone;
    private Socket _outside = Bound();

    /// <summary>Starts it.</summary>
    /// <param name="server">Where all goes.</param>
    public NatBox(IPEndPoint server)
    {
        _server = server;
        _running.Add(OutAsync());
        _running.Add(BackAsync(_outside));
    }

    /// <summary>The next hop of the phone.</summary>
    public IPEndPoint Inside => (IPEndPoint)_inside.LocalEndPoint!;

    /// <summary>What the server sees as the phone.</summary>
    public IPEndPoint Outside => (IPEndPoint)_outside.LocalEndPoint!;

    /// <summary>Takes another port, as when the phone goes from one network to another.</summary>
    public void Move()
    {
        var old = _outside;
        _outside = Bound();
        _running.Add(BackAsync(_outside));
        old.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_running);
        _inside.Dispose();
        _outside.Dispose();
        _end.Dispose();
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task OutAsync()
    {
        var buffer = new byte[65536];
        while (await ReceiveAsync(_inside, buffer) is { } got)
        {
            _phone = (IPEndPoint)got.RemoteEndPoint;
            await _outside.SendToAsync(buffer.AsMemory(0, got.ReceivedBytes), _server);
        }
    }

    private async Task BackAsync(Socket outside)
    {
        var buffer = new byte[65536];
        while (await ReceiveAsync(outside, buffer) is { } got)
        {
            if (_phone is { } phone)
                await _inside.SendToAsync(buffer.AsMemory(0, got.ReceivedBytes), phone);
        }
    }

    private async Task<SocketReceiveFromResult?> ReceiveAsync(Socket socket, byte[] buffer)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                return await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _end.Token);
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused)
            {
                // ICMP.
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                break;
            }
        }

        return null;
    }
}
