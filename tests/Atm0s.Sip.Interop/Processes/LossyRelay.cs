using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>
/// A bad line: takes datagrams at one port and passes them on from another, but for some that chance loses. What comes back there is
/// counted.
/// Chance is seeded.
/// </summary>
internal sealed class LossyRelay : IAsyncDisposable
{
    private readonly Socket _in = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _out = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _end = new();
    private readonly Random _random = new(10);
    private readonly Task _running;
    private readonly double _loss;
    private IPEndPoint? _destination;
    private int _passed;
    private int _lost;
    private int _returned;

    /// <summary>Starts it; it passes nothing on before it has a <see cref="Destination"/>.</summary>
    /// <param name="loss">Share that is lost, 0 to 1.</param>
    public LossyRelay(double loss)
    {
        _loss = loss;
        _in.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _out.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _running = Task.WhenAll(PassAsync(), CountAsync());
    }

    /// <summary>Where the sender sends to.</summary>
    public IPEndPoint Input => (IPEndPoint)_in.LocalEndPoint!;

    /// <summary>What the receiver sees as the sender.</summary>
    public IPEndPoint Output => (IPEndPoint)_out.LocalEndPoint!;

    /// <summary>The receiver.</summary>
    public IPEndPoint? Destination
    {
        get => Volatile.Read(ref _destination);
        set => Volatile.Write(ref _destination, value);
    }

    /// <summary>Datagrams passed on.</summary>
    public int Passed => Volatile.Read(ref _passed);

    /// <summary>Datagrams lost on purpose.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Datagrams that the receiver sent back.</summary>
    public int Returned => Volatile.Read(ref _returned);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _in.Dispose();
        _out.Dispose();
        _end.Dispose();
    }

    private async Task PassAsync()
    {
        var buffer = new byte[2048];
        while (await ReceiveAsync(_in, buffer) is >= 0 and var count)
        {
            if (Destination is not { } destination)
                continue;

            // RTCP of the sender is passed on nowhere: it has a port of its own.
            if (_random.NextDouble() < _loss)
            {
                Interlocked.Increment(ref _lost);
                continue;
            }

            await _out.SendToAsync(buffer.AsMemory(0, count), destination);
            Interlocked.Increment(ref _passed);
        }
    }

    private async Task CountAsync()
    {
        var buffer = new byte[2048];
        while (await ReceiveAsync(_out, buffer) >= 0)
            Interlocked.Increment(ref _returned);
    }

    private async Task<int> ReceiveAsync(Socket socket, byte[] buffer)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                return await socket.ReceiveAsync(buffer, _end.Token);
            }
            catch (SocketException)
            {
                // ICMP.
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return -1;
    }
}
