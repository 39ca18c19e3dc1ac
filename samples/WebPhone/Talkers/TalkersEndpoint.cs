using System.Collections.Concurrent;
using System.Text.Json;
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace WebPhone.Talkers;

/// <summary>
/// Tells a caller who is in his room and how loud, four times a second, as server-sent events. Who asks shows the Call-ID of a call of his
/// that is up: nobody else knows it, for it is random and goes over his own connection alone.
/// </summary>
internal sealed class TalkersEndpoint(ISipServer server)
{
    private const int MaxStreams = 1000;
    private const int MaxStreamsOfOne = 4; // a page that is loaded anew has two for a moment
    private const int MaxShown = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, int> _ofCall = new(StringComparer.Ordinal);
    private int _streams;

    public async Task ServeAsync(HttpContext context)
    {
        if (Find(context.GetRouteValue("callId") as string) is not { } own)
        {
            // It may have ended just now. HTML §9.2: this is how an EventSource is told not to come again.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var ofCall = _ofCall.AddOrUpdate(own.Id, 1, static (_, count) => count + 1);
        try
        {
            if (Interlocked.Increment(ref _streams) > MaxStreams || ofCall > MaxStreamsOfOne)
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            else
                await StreamAsync(context, own);
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
            Leave(own.Id);
        }
    }

    private void Leave(string call)
    {
        if (_ofCall.AddOrUpdate(call, 0, static (_, count) => count - 1) == 0)
            _ofCall.TryRemove(KeyValuePair.Create(call, 0));
    }

    private async Task StreamAsync(HttpContext context, ISipCall own)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (own.State != CallState.Ended)
            {
                var json = JsonSerializer.Serialize(Read(own), TalkerJson.Default.ListTalker);
                await context.Response.WriteAsync($"data: {json}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await timer.WaitForNextTickAsync(context.RequestAborted);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The page is gone.
        }
    }

    private ISipCall? Find(string? callId) => callId is null ? null
        : server.Calls.FirstOrDefault(call => call.Info.SipCallId == callId && call.State == CallState.Answered);

    private List<Talker> Read(ISipCall own)
    {
        var room = own.Info.RoomId;
        return
        [
            .. server.Calls
                .Where(call => call.Info.RoomId == room && call.State == CallState.Answered)
                .OrderBy(call => call.Id != own.Id)
                .Take(MaxShown)
                .Select(call => new Talker(NameOf(call), call.Id == own.Id, call.GetStatistics()?.Level ?? -127, call.IsMuted)),
        ];
    }

    private static string NameOf(ISipCall call) => call.Info.Username
        ?? (call.Info.Direction == CallDirection.Incoming ? call.Info.From : call.Info.To);
}
