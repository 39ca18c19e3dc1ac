using System.Net.WebSockets;
using System.Text;

namespace Atm0s.Sip.WebSockets.Tests.Hosts;

/// <summary>A client as a browser's library is one: .NET's WebSocket below, SIP written by hand above.</summary>
internal sealed class SipSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[128 * 1024];

    private SipSocket(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    public static async Task<SipSocket> ConnectAsync(Uri uri, string? origin = null, params string[] protocols)
    {
        var socket = new ClientWebSocket();
        foreach (var protocol in protocols.Length == 0 ? ["sip"] : protocols)
            socket.Options.AddSubProtocol(protocol);
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.CollectHttpResponseDetails = true;
        using var limit = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(uri, limit.Token);
        return new SipSocket(socket);
    }

    /// <summary>The status of the answer to a handshake that is refused.</summary>
    public static async Task<int> RefusalAsync(Uri uri, string? origin = null, params string[] protocols)
    {
        using var socket = new ClientWebSocket();
        foreach (var protocol in protocols)
            socket.Options.AddSubProtocol(protocol);
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.CollectHttpResponseDetails = true;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(uri, limit.Token);
            return 101;
        }
        catch (WebSocketException)
        {
            return (int)socket.HttpStatusCode;
        }
    }

    public async Task SendAsync(string message, WebSocketMessageType type = WebSocketMessageType.Text)
    {
        using var limit = new CancellationTokenSource(Patience);
        await Socket.SendAsync(Encoding.UTF8.GetBytes(message), type, true, limit.Token);
    }

    /// <summary>The next message; null when the other side has closed.</summary>
    public async Task<string?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var result = await Socket.ReceiveAsync(_buffer.AsMemory(length), limit.Token);
            if (result.MessageType == WebSocketMessageType.Close)
                return null;
            length += result.Count;
            if (result.EndOfMessage)
                return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }

    /// <summary>The next message that begins so; those before it are dropped.</summary>
    public async Task<string> ReceiveAsync(string start)
    {
        while (await ReceiveAsync() is { } message)
        {
            if (message.StartsWith(start, StringComparison.Ordinal))
                return message;
        }

        throw new AssertionException($"The server closed before \"{start}\" came.");
    }

    public void Dispose() => Socket.Dispose();
}
