using System.Diagnostics;
using System.Text.Json;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.Hooks.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Atm0s.Sip.Observability.Tests.Tracing;

/// <summary>A phone, the server, a hook server over HTTP, a room: one trace in OpenTelemetry.</summary>
public sealed class WholeTraceTests
{
    private static readonly ActivitySource HookSource = new("The hook server");

    [Test]
    [CancelAfter(60_000)]
    public async Task Phone_Server_HookServer_AndRoom_AreOneTrace()
    {
        var exported = new ExportedSpans();
        var headers = new List<string>();
        using var provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(SipTelemetry.ActivitySourceName, HookSource.Name)
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddInMemoryExporter(exported)
            .Build();
        await using var hooks = await StartHookServerAsync(headers);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSipServer(sip =>
        {
            sip.Listen("udp://127.0.0.1:0").Realm = "test.local";
            (sip.Media.FirstPort, sip.Media.LastPort) = (43_400, 43_499);
        }).AddHttpHooks(options => (options.Url, options.CallEvents) = (hooks.Urls.First() + "/hooks", true));
        using var host = builder.Build();
        await host.StartAsync();
        var server = host.Services.GetRequiredService<SipServer>();

        await using (var phone = new SipPhone(new SipPhoneOptions
        {
            Server = server.ListenUris[0].Replace("udp://", "sip:", StringComparison.Ordinal),
            Username = "alice",
            Password = "pw-alice",
            Domain = "test.local",
            Codecs = ["PCMA"],
            Audio = new ToneEndpoint(440),
            FirstMediaPort = 43_500,
            LastMediaPort = 43_599,
        }))
        {
            await phone.StartAsync();
            var call = await phone.CallAsync("1000");
            Assert.That((await call.Answered).IsAnswered, Is.True);
            await UntilAsync(() => server.Calls.FirstOrDefault()?.GetStatistics() is { PacketsReceived: > 10 });
            await call.HangUpAsync();
            // Observers are told when there is time.
            await UntilAsync(() => exported.Now.Find(span => span.OperationName == "sip.hook.invite") is { } asked
                && exported.Now.Count(span => span.TraceId == asked.TraceId && span.OperationName == "sip.observe") >= 3);
        }

        await host.StopAsync();

        provider!.ForceFlush();
        var spans = exported.Now;
        var root = spans.Single(span => span.OperationName == "sip.call" && span.Kind == ActivityKind.Server);
        var trace = spans.Where(span => span.TraceId == root.TraceId).ToList();

        Assert.That(headers, Has.Some.Contains(root.TraceId.ToString()), "the hook server was told where its work belongs");
        var invite = trace.Single(span => span.OperationName == "sip.hook.invite");
        var looking = trace.Single(span => span.OperationName == "look up 1000");
        Assert.That(Path(looking, trace), Is.EqualTo(
            "The hook server < Microsoft.AspNetCore < System.Net.Http < Atm0s.Sip sip.hook.invite < Atm0s.Sip sip.call"));
        Assert.That(invite.ParentSpanId, Is.EqualTo(root.SpanId));
        Assert.That(trace.Where(span => span.Source.Name == SipTelemetry.ActivitySourceName).Select(span => span.OperationName),
            Is.SupersetOf(new[] { "sip.hook.auth", "sip.hook.invite", "sip.answer", "sip.media", "sip.end", "sip.observe" }));
        Assert.That(trace.Where(span => span.Source.Name == "Microsoft.AspNetCore").Select(span => (string?)span.GetTagItem("url.path")),
            Is.SupersetOf(new[] { "/hooks/auth", "/hooks/invite", "/hooks/call" }));
        Assert.That(root.GetTagItem("atm0s.sip.room"), Is.EqualTo("room of 1000"));
        Assert.That((string?)trace.Single(s => s.OperationName == "sip.media").GetTagItem("atm0s.sip.media.codec"), Is.EqualTo("PCMA"));
        Assert.That(trace.Where(span => span != root && span.ParentSpanId == default), Is.Empty, "one root");
    }

    private static string Path(Activity span, List<Activity> trace)
    {
        var names = new List<string>();
        for (var at = span; at is not null; at = trace.Find(other => other.SpanId == at.ParentSpanId))
            names.Add(at.Source.Name == SipTelemetry.ActivitySourceName ? $"{at.Source.Name} {at.OperationName}" : at.Source.Name);
        return string.Join(" < ", names);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1500 && !condition(); i++)
            await Task.Delay(20);
        Assert.That(condition(), Is.True);
    }

    private static async Task<WebApplication> StartHookServerAsync(List<string> headers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/hooks/{hook}", async (string hook, HttpContext context) =>
        {
            lock (headers)
                headers.Add(context.Request.Headers["traceparent"].ToString());
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            if (hook == "auth")
                return Results.Json(new { success = true, ha1 = Ha1.Compute("MD5", "alice", "test.local", "pw-alice") });
            if (hook != "invite")
                return Results.Json(new { success = true });
            var number = body.RootElement.GetProperty("to_number").GetString();
            using (HookSource.StartActivity($"look up {number}"))
                return Results.Json(new { strategy = "Accept", room_id = $"room of {number}" });
        });
        await app.StartAsync();
        return app;
    }
}
