using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Control.Events;

/// <summary>Sends the events over a WebSocket, each as one text message, until the watcher closes it or the host stops.</summary>
internal static class SocketWatcher
{
    private static readonly TimeSpan MaxClosing = TimeSpan.FromSeconds(1);

    public static async Task SendAsync(
        HttpContext context, EventReader reader, TimeProvider time, CancellationToken stopping)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var closing = CloseOnRequestAsync(socket, end, context.RequestAborted);
        while (reader.Read(out var changed) is { } events)
        {
            foreach (var what in events)
                await SendAsync(socket, what, context.RequestAborted);
            if (events.Count > 0)
                continue;
            if (end.IsCancellationRequested)
                break;
            await changed.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // RFC 6455 §7.4.1: 1001, the server goes down; 1000 answers a close of the watcher.
        var isOurs = socket.State == WebSocketState.Open;
        using var limit = new CancellationTokenSource(MaxClosing, time);
        if (isOurs || socket.State == WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(
                isOurs ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure,
                isOurs ? "the server stops" : null,
                limit.Token);
        await closing.WaitAsync(limit.Token);
    }

    private static async Task SendAsync(WebSocket socket, LoggedEvent what, CancellationToken cancellationToken)
    {
        var head = Encoding.ASCII.GetBytes($"{{\"id\":\"{what.Id}\",\"event\":\"{what.Name}\",\"data\":");
        await socket.SendAsync(head, WebSocketMessageType.Text, endOfMessage: false, cancellationToken);
        await socket.SendAsync(what.Data, WebSocketMessageType.Text, endOfMessage: false, cancellationToken);
        await socket.SendAsync("}"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
    }

    // What a watcher sends is read only to hear it close.
    private static async Task CloseOnRequestAsync(WebSocket socket, CancellationTokenSource end, CancellationToken aborted)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer, aborted)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // Gone without a word.
        }

        try
        {
            await end.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }
}
