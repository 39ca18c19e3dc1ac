using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Control;

/// <summary>
/// <c>GET /sip/events</c>: what happens from now on, as server-sent events or, for a WebSocket, as text messages
/// <c>{"event":…,"data":…}</c>.
/// </summary>
internal static class EventEndpoint
{
    public static void Map(RouteGroupBuilder group) =>
        group.MapGet("/sip/events", WatchAsync)
            .WithName("events").WithTags("Events").WithSummary("What happens from now on, as server-sent events, or over a WebSocket.")
            .Produces<string>(200, "text/event-stream").ProducesProblem(401);

    private static async Task<IResult> WatchAsync(
        HttpContext context, ISipServer server, IOptions<SipControlOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        // A host that stops waits for its requests: this one has no end of its own.
        // A page of another site must not listen through the browser of somebody who may.
        if (context.WebSockets.IsWebSocketRequest && context.Request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !RequestGuard.IsOwnOrigin(origin, context.Request))
            return Answers.Problem(403, "A page of another origin can't watch.");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            if (context.WebSockets.IsWebSocketRequest)
                await SendMessagesAsync(context, server, end);
            else
                await SendEventsAsync(context, server, options.Value.Heartbeat, time, end);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or WebSocketException)
        {
            // The watcher has gone, or the host stops.
        }

        return Results.Empty;
    }

    private static async Task SendEventsAsync(
        HttpContext context, ISipServer server, TimeSpan heartbeat, TimeProvider time, CancellationTokenSource end)
    {
        var events = server.WatchAsync(end.Token).GetAsyncEnumerator(end.Token);
        var next = Task.FromResult(true);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            await WriteAsync(context, ": watching\n\n"u8.ToArray(), end.Token);
            while (true)
            {
                next = events.MoveNextAsync().AsTask();
                while (!await IsThereAsync(next, heartbeat, time, end.Token))
                    await WriteAsync(context, ": still here\n\n"u8.ToArray(), end.Token);
                if (!await next)
                    return;
                // WHATWG HTML §9.2.5: the data is JSON of one line, so one data field holds it.
                var (name, data) = EventMessage.From(events.Current);
                await WriteAsync(
                    context, [.. Encoding.ASCII.GetBytes($"event: {name}\ndata: "), .. data, (byte)'\n', (byte)'\n'], end.Token);
            }
        }
        finally
        {
            // An enumeration may be disposed of only when no step of it is pending.
            await end.CancelAsync();
            await Task.WhenAny(next);
            await events.DisposeAsync();
        }
    }

    // False when the time has passed first.
    private static async Task<bool> IsThereAsync(Task<bool> next, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = await Task.WhenAny(next, Task.Delay(limit, time, pause.Token));
        await pause.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return first == next;
    }

    private static async Task WriteAsync(HttpContext context, byte[] bytes, CancellationToken cancellation)
    {
        context.Response.BodyWriter.Write(bytes);
        await context.Response.BodyWriter.FlushAsync(cancellation);
    }

    private static async Task SendMessagesAsync(HttpContext context, ISipServer server, CancellationTokenSource end)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var events = server.WatchAsync(end.Token);
        var closing = CloseOnRequestAsync(socket, end);
        await foreach (var what in events)
        {
            var (name, data) = EventMessage.From(what);
            await socket.SendAsync(
                Encoding.ASCII.GetBytes($"{{\"event\":\"{name}\",\"data\":"), WebSocketMessageType.Text, endOfMessage: false, end.Token);
            await socket.SendAsync(data, WebSocketMessageType.Text, endOfMessage: false, end.Token);
            await socket.SendAsync("}"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, end.Token);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "the server stops", end.Token);
        await closing;
    }

    // What a watcher sends is read only to hear it close.
    private static async Task CloseOnRequestAsync(WebSocket socket, CancellationTokenSource end)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer, end.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            return;
        }

        await end.CancelAsync();
    }
}
