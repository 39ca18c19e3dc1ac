using System.Net;
using System.Net.Sockets;
using System.Text;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Core.Tests.Transport;

/// <summary>Real sockets of the loopback, with bounded waits.</summary>
internal static class Net
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static IEnumerable<IPAddress> Loopbacks() => Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : [IPAddress.Loopback];

    public static Task<T> Within<T>(ValueTask<T> task) => task.AsTask().WaitAsync(Limit);

    public static async Task<UdpSipTransport> UdpAsync(
        ISipTransportSink sink, IPAddress address, SipLimits? limits = null, bool isPlain = false,
        Action<SipListenerOptions>? configure = null, ILogger? log = null)
    {
        var options = new SipListenerOptions { EndPoint = new IPEndPoint(address, 0) };
        configure?.Invoke(options);
        var transport = new UdpSipTransport(options, limits ?? SipLimits.Default, log ?? NullLogger.Instance) { IsPlain = isPlain };
        await transport.StartAsync(sink, CancellationToken.None);
        return transport;
    }

    public static async Task<TcpSipTransport> TcpAsync(
        ISipTransportSink sink, IPAddress address, TimeProvider? clock = null, Action<SipListenerOptions>? configure = null)
    {
        var options = new SipListenerOptions { Protocol = SipTransportProtocol.Tcp, EndPoint = new IPEndPoint(address, 0) };
        configure?.Invoke(options);
        var transport = new TcpSipTransport(options, SipLimits.Default, clock ?? TimeProvider.System, NullLogger.Instance);
        await transport.StartAsync(sink, CancellationToken.None);
        return transport;
    }

    public static Socket UdpClient(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    public static async Task<Socket> TcpClientAsync(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server).WaitAsync(Limit);
        return socket;
    }

    /// <summary>Waits for what another thread is to bring about.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
            await Task.Delay(5, limit.Token);
    }

    /// <summary>Moves a clock step by step, and lets other threads do what is due, until something has come about.</summary>
    /// <returns>The steps it took.</returns>
    public static async Task<int> AdvanceUntilAsync(FakeTimeProvider clock, TimeSpan step, Func<bool> condition)
    {
        var steps = 0;
        // A timer's callback that throws ends the process; the clock of a test throws it here.
        await UntilAsync(() =>
        {
            if (condition())
                return true;
            clock.Advance(step);
            steps++;
            return condition();
        });
        return steps;
    }

    public static byte[] Message(string callId, string? contentLength = "Content-Length: 0\r\n") => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{callId};rport\r\nMax-Forwards: 70\r\nFrom: "
            + $"<sip:b@127.0.0.1>;tag=1\r\n"
        + $"To: <sip:a@127.0.0.1>\r\nCall-ID: {callId}\r\nCSeq: 1 OPTIONS\r\n{contentLength}\r\n");

    /// <summary>What comes next; empty when the peer closed.</summary>
    public static async Task<string> ReceiveAsync(this Socket socket)
    {
        var buffer = new byte[65_536];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await Within(socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None)));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return "";
        }
    }

    /// <summary>Everything until the peer closes.</summary>
    public static async Task<string> ReceiveToEndAsync(this Socket socket)
    {
        var text = new StringBuilder();
        while (await socket.ReceiveAsync() is { Length: > 0 } piece)
            text.Append(piece);
        return text.ToString();
    }
}
