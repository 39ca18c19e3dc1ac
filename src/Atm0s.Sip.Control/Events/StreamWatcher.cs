using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Control.Events;

/// <summary>Sends the events as server-sent events (WHATWG HTML §9.2), until the watcher goes or the host stops.</summary>
internal static class StreamWatcher
{
    public static async Task SendAsync(
        HttpContext context, EventReader reader, TimeSpan heartbeat, TimeProvider time, CancellationToken stopping)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, ": watching\n\n"u8.ToArray());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        while (reader.Read(out var changed) is { } events)
        {
            foreach (var (id, name, data) in events)
                Append(context, id, name, data);
            if (events.Count > 0)
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            else if (end.IsCancellationRequested)
                return;
            else if (!await IsThereAsync(changed, heartbeat, time, end.Token))
                await WriteAsync(context, ": still here\n\n"u8.ToArray());
        }
    }

    // The data is JSON of one line, so one data field holds it.
    private static void Append(HttpContext context, string id, string name, byte[] data)
    {
        var writer = context.Response.BodyWriter;
        writer.Write(Encoding.ASCII.GetBytes($"id: {id}\nevent: {name}\ndata: "));
        writer.Write(data);
        writer.Write("\n\n"u8);
    }

    // False when the time has passed first. True, too, when the host stops: then what is there is sent before the end.
    private static async Task<bool> IsThereAsync(Task changed, TimeSpan limit, TimeProvider time, CancellationToken end)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(end);
        var silence = Task.Delay(limit, time, pause.Token);
        var first = await Task.WhenAny(changed, silence);
        await pause.CancelAsync();
        return first == changed || end.IsCancellationRequested;
    }

    private static async Task WriteAsync(HttpContext context, byte[] comment) =>
        await context.Response.BodyWriter.WriteAsync(comment, context.RequestAborted);
}
