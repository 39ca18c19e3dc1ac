using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Control.Events;

/// <summary>
/// <c>GET /sip/events</c>: what there is, and what happens from now on, or since the event that <c>Last-Event-ID</c> names, as server-sent
/// events or, for a WebSocket, as text messages.
/// </summary>
internal static class EventEndpoint
{
    public static void Map(RouteGroupBuilder group) =>
        group.MapGet("/sip/events", WatchAsync)
            .WithName("events").WithTags("Events")
            .WithSummary("What there is, and what happens from now on, or since the event that Last-Event-ID names.")
            .WithDescription("As server-sent events, or over a WebSocket as text messages with id, event and data.")
            .Produces<string>(200, "text/event-stream").Produces(400).ProducesProblem(401).ProducesProblem(503);

    private static async Task<IResult> WatchAsync(
        HttpContext context,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        [FromQuery(Name = "last_event_id")] string? lastEventIdInQuery,
        [FromQuery(Name = "snapshot")] bool? snapshot,
        ISipServer server,
        EventLog log,
        WatcherPlaces places)
    {
        // A page of another site must not listen through the browser of somebody who may.
        if (context.WebSockets.IsWebSocketRequest && context.Request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !RequestGuard.IsOwnOrigin(origin, context.Request))
            return Answers.Problem(403, "A page of another origin can't watch.");

        if (!places.TryEnter())
            return Busy(context, "As many watch already as may; see SipControlOptions.MaxWatchers.");
        try
        {
            EventReader reader;
            try
            {
                // Before the head of the answer: what happens after it is never lost. A browser's WebSocket can't send headers.
                var seen = string.IsNullOrEmpty(lastEventId) ? lastEventIdInQuery : lastEventId;
                reader = new EventReader(log, server, seen, wantsSnapshots: snapshot ?? true);
            }
            catch (InvalidOperationException)
            {
                return Busy(context, "The SIP server is not running.");
            }

            await SendAsync(context, reader);
            return Results.Empty;
        }
        finally
        {
            places.Leave();
        }
    }

    private static IResult Busy(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = "5";
        return Answers.Problem(503, detail);
    }

    private static async Task SendAsync(HttpContext context, EventReader reader)
    {
        var services = context.RequestServices;
        var time = services.GetRequiredService<TimeProvider>();
        // A host that stops waits for its requests, and this one has no end of its own.
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var grace = new StopGrace(context, time, stopping);
        try
        {
            if (context.WebSockets.IsWebSocketRequest)
                await SocketWatcher.SendAsync(context, reader, time, stopping);
            else
                await StreamWatcher.SendAsync(
                    context, reader, services.GetRequiredService<IOptions<SipControlOptions>>().Value.Heartbeat, time, stopping);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException
            or System.Net.WebSockets.WebSocketException)
        {
            // The watcher has gone.
        }
    }
}
