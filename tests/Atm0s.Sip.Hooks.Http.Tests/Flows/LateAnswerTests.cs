using System.Net;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks.Http.Tests.Client;
using Atm0s.Sip.Hooks.Http.Tests.Control;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atm0s.Sip.Hooks.Http.Tests.Flows;

/// <summary>
/// The hook server rings bob and then answers too late: alice has her refusal, and bob must not ring on for nobody.
/// </summary>
public sealed class LateAnswerTests
{
    private TaskCompletionSource _aliceIsRefused = null!;
    private TaskCompletionSource _answered = null!;
    private Func<Task> _ring = static () => Task.CompletedTask;
    private Func<HttpContext, Task>? _fail;
    private string _room = "";
    private Story _story = null!;
    private HookServer _hooks = null!;
    private IHost _host = null!;
    private string _session = "";

    private SipServer Server => _host.Services.GetRequiredService<SipServer>();

    [SetUp]
    public async Task SetUp()
    {
        (_story, _fail, _session) = (new Story(), null, "");
        _aliceIsRefused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _hooks = await HookServer.StartAsync();
        _hooks.Answer = AnswerAsync;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSipServer(sip =>
        {
            sip.Listen("udp://127.0.0.1:0").Realm = "test.local";
            (sip.Media.FirstPort, sip.Media.LastPort) = (24_100, 24_199);
        }).AddHttpHooks(hooks =>
        {
            hooks.Url = _hooks.Url;
            hooks.InviteTimeout = TimeSpan.FromMilliseconds(300);
            hooks.InviteFallbackStatus = 480;
        });
        _host = builder.Build();
        await _host.StartAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        _aliceIsRefused.TrySetResult();
        await _host.StopAsync();
        _host.Dispose();
        await _hooks.DisposeAsync();
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Bob_StopsRinging()
    {
        using var bob = await RegisteredAsync();
        (_room, _ring) = ("fresh", () => Server.CallClientAsync("fresh", _session, "alice").AsTask());
        var calling = CallAsync();
        bob.Respond(await bob.ReceiveAsync(m => m.Method == "INVITE" && !m.IsResponse), 180, "Ringing");
        using var alice = await calling;
        await bob.ReceiveAsync(m => m.Method == "CANCEL" && !m.IsResponse);
        await ControlHost.UntilAsync(() => _hooks.Questions.Count(q => q.Path == "/hooks/invite") == 1, "asked once");
    }

    [TestCase(500)]
    [TestCase(0)]
    [CancelAfter(20_000)]
    public async Task Bob_StopsRinging_WhenTheAnswerIsLost(int status)
    {
        using var bob = await RegisteredAsync();
        (_room, _ring) = ("fresh", () => Server.CallClientAsync("fresh", _session, "alice").AsTask());
        var rings = new TaskCompletionSource();
        _fail = async context =>
        {
            await rings.Task;
            if (status == 0)
                context.Abort();
            else
                await HookServer.WriteAsync(context, "", status);
        };
        var calling = CallAsync();
        bob.Respond(await bob.ReceiveAsync(m => m.Method == "INVITE" && !m.IsResponse), 180, "Ringing");
        rings.SetResult();
        using var alice = await calling;
        await bob.ReceiveAsync(m => m.Method == "CANCEL" && !m.IsResponse);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task WhoRangBeforeTheQuestion_RingsOn()
    {
        using var bob = await RegisteredAsync();
        var earlier = await Server.CallClientAsync("conference", _session, "1001");
        await bob.ReceiveAsync(m => m.Method == "INVITE" && !m.IsResponse);
        _room = "conference";
        ISipCall? rung = null;
        _ring = async () => rung = await Server.CallClientAsync("conference", _session, "alice");
        using var alice = await CallAsync();
        await bob.ReceiveAsync(m => m.Method == "INVITE" && !m.IsResponse && m["From"].Contains("alice", StringComparison.Ordinal));
        // The answer names a room in which somebody else is: whatever was rung into it is the room's affair.
        await _answered.Task;
        Assert.That(earlier.State, Is.Not.EqualTo(CallState.Ended));
        Assert.That(rung!.State, Is.Not.EqualTo(CallState.Ended));
    }

    private async Task<RawPhone> RegisteredAsync()
    {
        var bob = new RawPhone("bob", IPEndPoint.Parse(new Uri(Server.ListenUris[0]).Authority), _story);
        bob.Send("REGISTER", "bob", 1);
        bob.SendAuthorized("REGISTER", "bob", "bob", await bob.ReceiveAsync(m => m.Status == 401));
        await bob.ReceiveAsync(m => m.Status == 200);
        _session = Server.FindRegistrations("bob").Single().SessionId;
        return bob;
    }

    private async Task<RawPhone> CallAsync()
    {
        var alice = new RawPhone("alice", IPEndPoint.Parse(new Uri(Server.ListenUris[0]).Authority), _story);
        alice.Send("INVITE", "bob", 1);
        alice.SendAuthorized("INVITE", "bob", "alice", await alice.ReceiveAsync(m => m.Status == 401));
        Assert.That((await alice.ReceiveAsync(m => m.Status >= 200 && m.Status != 401)).Status, Is.EqualTo(480));
        _aliceIsRefused.TrySetResult();
        return alice;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/hooks/invite")
        {
            await _ring();
            if (_fail is { } fail)
            {
                await fail(context);
                return;
            }

            await _aliceIsRefused.Task;
            await HookServer.WriteAsync(context, $$"""{"strategy":"WaitOtherPeers","room_id":"{{_room}}"}""");
            _answered.TrySetResult();
            return;
        }

        var user = _hooks.Questions[^1].Body.Contains("\"alice\"", StringComparison.Ordinal) ? "alice" : "bob";
        await HookServer.WriteAsync(
            context, $$"""{"success":true,"ha1":"{{Ha1.Compute("MD5", user, "test.local", user)}}"}""");
    }
}
