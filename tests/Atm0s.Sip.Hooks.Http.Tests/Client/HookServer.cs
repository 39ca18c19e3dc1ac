using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>A hook server on 127.0.0.1 that answers as the test says, and keeps what it was asked.</summary>
internal sealed class HookServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HookServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/hooks";

    public List<Asked> Questions { get; } = [];

    /// <summary>Writes the answer. Default: what accepts everything.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static context => WriteAsync(context, """{"success":true}""");

    public static async Task<HookServer> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var server = new HookServer(app);
        app.Run(server.OnRequestAsync);
        await app.StartAsync();
        return server;
    }

    public static Task WriteAsync(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task OnRequestAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        lock (Questions)
        {
            Questions.Add(new Asked(
                context.Request.Method, context.Request.Path, Encoding.UTF8.GetString(body.ToArray()),
                    context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString())));
        }

        await Answer(context);
    }

    internal sealed record Asked(string Method, string Path, string Body, Dictionary<string, string> Headers);
}
