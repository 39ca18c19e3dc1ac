using System.Net;
using System.Text.Json;
using Atm0s.Sip.Control;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks.Http.Tests.Client;
using Atm0s.Sip.Hooks.Http.Tests.Control;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Hooks.Http.Tests.Flows;

/// <summary>The original's three working flows, message by message: phone, SIP server and hook server.</summary>
public sealed class WorkingFlowTests
{
    private readonly Dictionary<string, string> _sessions = new(StringComparer.Ordinal);
    private Story _story = null!;
    private HookServer _hooks = null!;
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private string _invite = "";

    private SipServer Server => _app.Services.GetRequiredService<SipServer>();

    [SetUp]
    public async Task SetUp()
    {
        _sessions.Clear();
        _story = new Story();
        _hooks = await HookServer.StartAsync();
        _hooks.Answer = AnswerAsync;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSipControl(control => control.AllowAnonymous = true);
        builder.Services.AddSipServer(sip =>
        {
            sip.Listen("udp://127.0.0.1:0").Realm = "test.local";
            (sip.Media.FirstPort, sip.Media.LastPort) = (24_000, 24_099);
        }).AddHttpHooks(hooks => (hooks.Url, hooks.CallEvents) = (_hooks.Url, true));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapSipControl();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    [TearDown]
    public async Task TearDown()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _hooks.DisposeAsync();
    }

    [Test]
    public async Task Register()
    {
        using var alice = Phone("alice");
        await RegisterAsync(alice, "alice");
        await _story.UntilAsync("hook register alice");
        _story.AssertOrder("alice: REGISTER", "alice gets 401", "alice: REGISTER with credentials", "hook auth alice", "alice gets 200");
        _story.AssertOrder("hook auth alice", "hook register alice");
        Assert.That(_sessions["register alice"], Is.EqualTo(_sessions["auth alice"]), "the session is the one that was asked about");
        Assert.That(Server.Registrations.Single().SessionId, Is.EqualTo(_sessions["register alice"]));
    }

    [Test]
    public async Task Register_WithAWrongPassword_IsAnError_AndNobodyIsTold()
    {
        using var alice = Phone("alice");
        alice.Send("REGISTER", "alice", 1);
        alice.SendAuthorized("REGISTER", "alice", "guess", await alice.ReceiveAsync(m => m.Status == 401));
        await alice.ReceiveAsync(m => m.Status == 403);
        Assert.That(
            _story.Lines,
            Is.EqualTo(
            new[] { "alice: REGISTER", "alice gets 401", "alice: REGISTER with credentials", "hook auth alice", "alice gets 403" }));
    }

    [TestCase("""{"strategy":"Reject"}""", 486)]
    [TestCase("""{"strategy":"Accept","room_id":"r1"}""", 200)]
    [TestCase("""{"strategy":"WaitOtherPeers","room_id":"r1"}""", 180)]
    public async Task IncomingCall(string answer, int status)
    {
        _invite = answer;
        using var alice = Phone("alice");
        alice.Send("INVITE", "bob", 1);
        alice.SendAuthorized("INVITE", "bob", "alice", await alice.ReceiveAsync(m => m.Status == 401));
        await alice.ReceiveAsync(m => m.Status == status);
        _story.AssertOrder("alice: INVITE", "alice gets 401", "alice: INVITE with credentials", "hook auth alice",
            "hook invite alice -> bob", $"alice gets {status}");
        if (status == 486)
        {
            Assert.That(Server.Rooms, Is.Empty);
            return;
        }

        // The response may be here before the call is counted.
        await ControlHost.UntilAsync(
            () => Server.Rooms is [{ Id: "r1", Members: 1 } room] && room.Connected == (status == 200 ? 1 : 0),
                "the endpoint is in its room");
    }

    [Test]
    public async Task OutgoingCall()
    {
        using var bob = Phone("bob");
        await RegisterAsync(bob, "bob");
        await _story.UntilAsync("hook register bob");
        using var content = new StringContent($$"""{"room_id":"r1","dest_session_id":"{{_sessions["register bob"]}}","from_number":"1001"}""", null, "application/json");
        using var response = await _http.PostAsync(new Uri("/sip/invite/client", UriKind.Relative), content);
        var id = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("data").GetProperty("session_id")
            .GetString()!;
        _story.Add("host gets the call id");
        var invite = await bob.ReceiveAsync(m => m.Method == "INVITE" && !m.IsResponse);
        Assert.That(Server.Rooms.Single(), Has.Property("Members").EqualTo(1).And.Property("Connected").Zero, "the endpoint is connecting");
        bob.Respond(invite, 180, "Ringing");
        await _story.UntilAsync("hook call ringing");
        bob.Respond(invite, 200, "OK");
        await bob.ReceiveAsync(m => m.Method == "ACK" && !m.IsResponse);
        await _story.UntilAsync("hook call answered");
        Assert.That(Server.Rooms.Single().Connected, Is.EqualTo(1), "the endpoint is connected");
        Assert.That(Server.TryGetCall(id, out var call) && call.State == CallState.Answered, Is.True);
        _story.AssertOrder("host gets the call id", "bob gets INVITE", "bob: 180", "bob: 200", "bob gets ACK");
        _story.AssertOrder("hook call connecting", "hook call ringing", "hook call answered");
    }

    private RawPhone Phone(string user) => new(user, IPEndPoint.Parse(new Uri(Server.ListenUris[0]).Authority), _story);

    private static async Task RegisterAsync(RawPhone phone, string user)
    {
        phone.Send("REGISTER", user, 1);
        phone.SendAuthorized("REGISTER", user, password: user, await phone.ReceiveAsync(m => m.Status == 401));
        await phone.ReceiveAsync(m => m.Status == 200);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var hook = context.Request.Path.Value!.Split('/')[^1];
        var asked = JsonDocument.Parse(_hooks.Questions[^1].Body).RootElement;
        var user = asked.TryGetProperty("username", out var name) ? name.GetString() : "";
        if (asked.TryGetProperty("session_id", out var session))
            _sessions[$"{hook} {user}"] = session.GetString()!;
        _story.Add(hook switch
        {
            "invite" => $"hook invite {asked.GetProperty("from_number").GetString()} -> {asked.GetProperty("to_number").GetString()}",
            "call" => $"hook call {asked.GetProperty("event").GetString()}",
            _ => $"hook {hook} {user}",
        });
        await HookServer.WriteAsync(context, hook switch
        {
            "auth" => $$"""{"success":true,"ha1":"{{Ha1.Compute("MD5", user!, "test.local", user!)}}"}""",
            "invite" => _invite,
            _ => """{"success":true}""",
        });
    }
}
