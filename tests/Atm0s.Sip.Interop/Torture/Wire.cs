using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Atm0s.Sip.Interop.Torture;

/// <summary>A UDP socket that sends bytes and reads status codes.</summary>
internal sealed class Wire : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly EndPoint _server;
    private int _pings;

    /// <summary>
    /// Binds <paramref name="local"/>: a message without rport is answered to its source address and the port of its Via.
    /// </summary>
    public Wire(IPEndPoint local, IPEndPoint server)
    {
        _socket.Bind(local);
        _socket.ReceiveBufferSize = 1 << 22;
        _server = server;
    }

    /// <summary>Sends, and waits for nothing.</summary>
    public void Send(ReadOnlySpan<byte> datagram) => _socket.SendTo(datagram, _server);

    /// <summary>The next datagram as text; null when none comes in time.</summary>
    public async Task<string?> ReceiveAsync(TimeSpan timeout)
    {
        using var expiry = new CancellationTokenSource(timeout);
        try
        {
            var count = await _socket.ReceiveAsync(_buffer, expiry.Token);
            return Encoding.Latin1.GetString(_buffer, 0, count);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Asks with OPTIONS until it is answered, as the loopback drops what a full buffer can't take.</summary>
    public async Task<string> PingAsync(TimeSpan limit)
    {
        var local = (IPEndPoint)_socket.LocalEndPoint!;
        var id = $"ping{++_pings}-{local.Port}";
        var request = Encoding.ASCII.GetBytes(
            $"OPTIONS sip:{_server} SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK{id};rport\r\nMax-Forwards: 70\r\n" +
            $"From: <sip:ping@{local.Address}>;tag={id}\r\nTo: <sip:{_server}>\r\nCall-ID: {id}@{local.Address}\r\nCSeq: 1 "
                + $"OPTIONS\r\nContent-Length: 0\r\n\r\n");
        using var expiry = new CancellationTokenSource(limit);
        while (!expiry.IsCancellationRequested)
        {
            Send(request);
            while (await ReceiveAsync(TimeSpan.FromMilliseconds(250)) is { } answer)
            {
                if (answer.Contains($"Call-ID: {id}@", StringComparison.OrdinalIgnoreCase))
                    return answer;
            }
        }

        throw new AssertionException($"no answer to OPTIONS within {limit.TotalSeconds} s");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
