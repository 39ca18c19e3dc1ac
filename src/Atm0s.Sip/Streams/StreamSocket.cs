using System.Net.Http;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Streams;

/// <summary>Makes the connection of a WebSocket to a program.</summary>
internal static class StreamSocket
{
    /// <summary>What connects one WebSocket, over a <see cref="BoundedSocket"/>.</summary>
    /// <param name="timeout">How long the program's machine may be silent.</param>
    public static HttpMessageInvoker NewInvoker(TimeSpan timeout) => new(
        new SocketsHttpHandler
        {
            // Its headers, which may be keys, are for the program that was named, and for no other.
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16, // KB
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = BoundedSocket.New(timeout);
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
}
