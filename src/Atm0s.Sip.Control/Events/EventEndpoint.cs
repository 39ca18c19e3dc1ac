using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Control.Events;

/// <summary>
/// <c>GET /sip/events</c>: what happens from now on, or since the event that <c>Last-Event-ID</c> names, as server-sent events or, for a
/// WebSocket, as text messages.
/// </summary>
internal static class EventEndpoint
{
    public static void Map(RouteGroupBuilder group) =>
        group.MapGet("/sip/events", WatchAsync)
            .WithName("events").WithTags("Events")
            .WithSummary(
                "What happens from now on, or since the event that Last-Event-ID names, as server-sent events, or over a WebSocket.")
            .Produces<string>(200, "text/event-stream").ProducesProblem(401);

    private static async Task<IResult> WatchAsync(
        HttpContext context, EventLog log, IOptions<SipControlOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        // A page of another site must not listen through the browser of somebody who may.
        if (context.WebSockets.IsWebSocketRequest && context.Request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !RequestGuard.IsOwnOrigin(origin, context.Request))
            return Answers.Problem(403, "A page of another origin can't watch.");

        // Before the head of the answer: what happens after it is never lost. A browser's WebSocket can't send headers.
        var place = log.Open(context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header
            ? header : context.Request.Query["last_event_id"].ToString());
        // A host that stops waits for its requests, and this one has no end of its own.
        var stopping = lifetime.ApplicationStopping;
        try
        {
            if (context.WebSockets.IsWebSocketRequest)
                await SocketWatcher.SendAsync(context, log, place, time, stopping);
            else
                await StreamWatcher.SendAsync(context, log, place, options.Value.Heartbeat, time, stopping);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException
            or System.Net.WebSockets.WebSocketException)
        {
            // The watcher has gone.
        }

        return Results.Empty;
    }
}
