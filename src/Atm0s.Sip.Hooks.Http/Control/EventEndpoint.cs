using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Control;

/// <summary><c>GET /sip/events</c>: what happens from now on, as server-sent events or, for a WebSocket, as text messages <c>{"event":…,"data":…}</c>.</summary>
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
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            if (context.WebSockets.IsWebSocketRequest)
                await SendMessagesAsync(context, server, end);
            else
                await SendEventsAsync(context, server, options.Value.Heartbeat, time, end.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or WebSocketException)
        {
            // The watcher has gone, or the host stops.
        }

        return Results.Empty;
    }

    private static async Task SendEventsAsync(HttpContext context, ISipServer server, TimeSpan heartbeat, TimeProvider time, CancellationToken cancellation)
    {
        var events = server.WatchAsync(cancellation).GetAsyncEnumerator(cancellation);
        await using var _ = events.ConfigureAwait(false);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var body = context.Response.BodyWriter;
        body.Write(": watching\n\n"u8);
        await body.FlushAsync(cancellation);
        while (true)
        {
            var next = events.MoveNextAsync().AsTask();
            while (await Task.WhenAny(next, Task.Delay(heartbeat, time, cancellation)) != next)
            {
                cancellation.ThrowIfCancellationRequested();
                body.Write(": still here\n\n"u8);
                await body.FlushAsync(cancellation);
            }

            if (!await next)
                return;
            // WHATWG HTML §9.2.5: the data is JSON of one line, so one data field holds it.
            var (name, data) = EventMessage.From(events.Current);
            body.Write(Encoding.ASCII.GetBytes($"event: {name}\ndata: "));
            body.Write(data);
            body.Write("\n\n"u8);
            await body.FlushAsync(cancellation);
        }
    }

    private static async Task SendMessagesAsync(HttpContext context, ISipServer server, CancellationTokenSource end)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var events = server.WatchAsync(end.Token);
        var closing = CloseOnRequestAsync(socket, end);
        await foreach (var what in events)
        {
            var (name, data) = EventMessage.From(what);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"{{\"event\":\"{name}\",\"data\":"), WebSocketMessageType.Text, endOfMessage: false, end.Token);
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
