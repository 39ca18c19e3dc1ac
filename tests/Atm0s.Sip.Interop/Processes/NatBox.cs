using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>
/// A NAT in front of one phone: what the phone sends to <see cref="Inside"/> goes on from a port of the box, and what comes to that port
/// goes back. The port changes with the datagram that <see cref="Moves"/> says, and then nothing leads back by the old one.
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

    /// <summary>Whether the phone goes to another network before it sends this; asked until it does.</summary>
    public Func<string, bool>? Moves { get; set; }

    /// <summary>What the server sees as the phone.</summary>
    public IPEndPoint Outside => (IPEndPoint)_outside.LocalEndPoint!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running[0]; // it adds to the list
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

    private void Move()
    {
        Moves = null;
        var old = _outside;
        _outside = Bound();
        _running.Add(BackAsync(_outside));
        old.Dispose();
    }

    private async Task OutAsync()
    {
        var buffer = new byte[65536];
        while (await ReceiveAsync(_inside, buffer) is { } got)
        {
            _phone = (IPEndPoint)got.RemoteEndPoint;
            if (Moves?.Invoke(Encoding.Latin1.GetString(buffer, 0, got.ReceivedBytes)) == true)
                Move();
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
