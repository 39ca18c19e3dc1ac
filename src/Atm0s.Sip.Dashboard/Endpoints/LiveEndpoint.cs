using System.Buffers;
using Atm0s.Sip.Control.Events;
using Atm0s.Sip.Dashboard.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atm0s.Sip.Dashboard.Endpoints;

/// <summary>
/// <c>GET api/live</c>: everything, then what changed, as server-sent events (WHATWG HTML §9.2) until the page goes or the host stops. A
/// page reads it with <c>fetch</c>, so that its key travels in a header.
/// </summary>
internal static class LiveEndpoint
{
    public static void Map(RouteGroupBuilder group, DashboardFeed feed) =>
        group.MapGet("/live", Task<IResult> (HttpContext context) => WatchAsync(context, feed));

    private static async Task<IResult> WatchAsync(HttpContext context, DashboardFeed feed)
    {
        if (!feed.TryEnter())
        {
            context.Response.Headers.RetryAfter = "5";
            return Results.Problem(
                feed.CanBeRead
                    ? "As many pages look already as may; see SipDashboardOptions.MaxWatchers."
                    : "The server can't be read just now; its log says why.",
                statusCode: 503);
        }

        using var grace = new StopGrace(
            context,
            context.RequestServices.GetRequiredService<TimeProvider>(),
            context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            // A proxy in front shall hand on each update at once.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await SendAsync(context, feed).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The page has gone.
        }
        finally
        {
            feed.Leave();
        }

        return Results.Empty;
    }

    private static async Task SendAsync(HttpContext context, DashboardFeed feed)
    {
        var seen = 0L;
        var gone = context.RequestAborted;
        while (!feed.IsOver && feed.CanBeRead)
        {
            if (feed.Read(ref seen, out var changed) is not { } update)
            {
                await changed.WaitAsync(gone).ConfigureAwait(false);
                continue;
            }

            var writer = context.Response.BodyWriter;
            writer.Write("data: "u8);
            writer.Write(update);
            writer.Write("\n\n"u8);
            // Waits for a page that reads slowly; meanwhile it falls behind and gets everything anew.
            await writer.FlushAsync(gone).ConfigureAwait(false);
        }
    }
}
