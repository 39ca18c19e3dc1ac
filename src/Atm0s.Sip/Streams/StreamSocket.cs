using System.Net.Http;
using System.Net.Sockets;

namespace Atm0s.Sip.Streams;

/// <summary>
/// The TCP connection to a program. What waits in it is bounded, so that a program that reads slowly does not hear what was said minutes
/// ago, and a program that is gone without a word (power, a NAT) is noticed: there is always audio that its machine has to confirm.
/// </summary>
internal static class StreamSocket
{
    /// <summary>TCP_USER_TIMEOUT of Linux (RFC 5482): how long what was sent may stay unconfirmed, in milliseconds.</summary>
    public const int UserTimeout = 18;

    /// <summary>Bytes: some seconds of audio.</summary>
    public const int SendBuffer = 64 * 1024;

    /// <summary>Makes the connections of one WebSocket.</summary>
    /// <param name="timeout">How long the program's machine may be silent.</param>
    public static HttpMessageInvoker NewInvoker(TimeSpan timeout) => new(
        new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = New(timeout);
                try
                {
                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        },
        disposeHandler: true);

    /// <summary>A socket that is not connected yet.</summary>
    public static Socket New(TimeSpan timeout)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = SendBuffer };
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeout, BitConverter.GetBytes((int)timeout.TotalMilliseconds));
        return socket;
    }
}
