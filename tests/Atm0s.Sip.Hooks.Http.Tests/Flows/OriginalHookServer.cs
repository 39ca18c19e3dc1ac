using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Atm0s.Sip.Core.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Hooks.Http.Tests.Flows;

/// <summary>
/// A hook server as the original's sample is: asked <c>/invite</c> it places the call by the control API first, into a fresh room, and
/// answers then. It looks at no status, parses whatever comes back, opens a connection for each call and knows no Idempotency-Key: asked
/// twice it rings twice. It has a listen backlog of 100, and takes its time: it answers the first when it has been asked about all.
/// </summary>
internal sealed class OriginalHookServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeSpan _thinks;
    private readonly int _crowd;
    private readonly TaskCompletionSource _isAskedAboutAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, string> _sessions = new(StringComparer.Ordinal);

    private OriginalHookServer(WebApplication app, TimeSpan thinks, int crowd) => (_app, _thinks, _crowd) = (app, thinks, crowd);

    public string Url => _app.Urls.First() + "/hooks";

    /// <summary>Where the control API is.</summary>
    public Uri? Gateway { get; set; }

    /// <summary>How often <c>/invite</c> was asked.</summary>
    public ConcurrentBag<string> Invites { get; } = [];

    public bool Knows(string user) => _sessions.ContainsKey(user);

    /// <param name="thinks">Time between placing the calls and answering.</param>
    /// <param name="crowd">Calls that are asked about before it answers one.</param>
    public static async Task<OriginalHookServer> StartAsync(TimeSpan thinks, int crowd)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(static sockets => sockets.Backlog = 100).UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new OriginalHookServer(app, thinks, crowd);
        app.Run(server.OnRequestAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task OnRequestAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = 415;
            return;
        }

        var asked = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
        string Field(string name) => asked.GetProperty(name).GetString()!;
        object answer;
        switch (context.Request.Path.Value!.Split('/')[^1])
        {
            case "auth":
                answer = new { success = true, ha1 = Ha1.Compute("MD5", Field("username"), Field("realm"), Field("username")) };
                break;
            case "register":
                _sessions[Field("username")] = Field("session_id");
                answer = new { success = true };
                break;
            case "unregister":
                _sessions.TryRemove(KeyValuePair.Create(Field("username"), Field("session_id")));
                answer = new { success = true };
                break;
            default:
                Invites.Add(Field("conn_id"));
                if (Invites.Count >= _crowd)
                    _isAskedAboutAll.TrySetResult();
                answer = await InviteAsync(Field("from_number"), Field("to_number"));
                break;
        }

        await context.Response.WriteAsJsonAsync(answer);
    }

    private async Task<object> InviteAsync(string from, string to)
    {
        if (!_sessions.TryGetValue(to, out var session))
            return new { strategy = "Reject", room_id = (string?)null };
        var room = Guid.NewGuid().ToString("N");
        try
        {
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            using var response = await http.PostAsJsonAsync(
                new Uri(Gateway!, "/sip/invite/client"),
                new
                {
                    room_id = room, dest_session_id = session, from_number = from, hook_uri = (string?)null, server_alias = (string?)null,
                });
            var envelope = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            _ = envelope.GetProperty("status").GetBoolean();
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or HttpRequestException)
        {
            return new { strategy = "Reject", room_id = (string?)null };
        }

        await _isAskedAboutAll.Task;
        await Task.Delay(_thinks);
        return new { strategy = "WaitOtherPeers", room_id = room };
    }
}
