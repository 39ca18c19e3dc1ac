using Atm0s.Sip.Control;
using Atm0s.Sip.Hooks.Http.Tests.Control;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Hooks.Http.Tests.Docs;

/// <summary>
/// The pieces of code in README.md, run. A test of the other project holds that each is here, or in a sample, word by word.
/// </summary>
public sealed class ReadmeSnippets
{
    [Test]
    public async Task Calling()
    {
        await using var control = await ControlHost.StartAsync();
        await control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        var server = control.Server;

        var phone = server.FindRegistrations("bob")[0];
        var call = await server.CallClientAsync("lobby", phone.SessionId, fromNumber: "1000");
        var outcome = await call.Answered;      // answered, busy, declined, no answer, gone: never an exception
        await call.MuteAsync();                 // every command says what became of it, and may be repeated
        await call.SendDtmfAsync("12#");
        await call.MoveToRoomAsync("office");
        await call.HangUpAsync();

        Assert.That(outcome.IsAnswered, Is.True);
        Assert.That((await call.Ended).Call.RoomId, Is.EqualTo("office"));
    }

    [Test]
    public async Task Following()
    {
        var lines = new StringWriter();
        var journal = new CallJournal(TextWriter.Synchronized(lines));
        await using var control = await ControlHost.StartAsync(services: services => services.AddSingleton<ICallObserver>(journal));
        await control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        await control.RegisterAsync("busy", (_, _) => ValueTask.FromResult(PhoneAnswer.Busy));

        var call = await control.Server.CallUserAsync("lobby", "bob", "1000");
        await call.Answered;
        await call.HangUpAsync();
        await call.Ended;
        await (await control.Server.CallUserAsync("lobby", "busy", "1000")).Ended;

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!lines.ToString().Contains("486", StringComparison.Ordinal) || !lines.ToString().Contains("spoke for", StringComparison.Ordinal))
            await Task.Delay(20, limit.Token);
        Assert.That(lines.ToString(), Does.Match(@"1000 speaks in lobby\n(.*\n)*1000 spoke for 0 s, MOS .*\n"));
        Assert.That(lines.ToString(), Does.Contain("1000 -> busy: 486 Busy, "));
    }

    [Test]
    public void Journal_IsAdded()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(Console.Out);
        builder.Services.AddSipServer(builder.Configuration).AddCallObserver<CallJournal>();
        using var services = builder.Services.BuildServiceProvider();
        Assert.That(services.GetServices<ICallObserver>().Single(), Is.TypeOf<CallJournal>());
    }

    [Test]
    public async Task Routing()
    {
        var handler = new InviteRouter()
            .FromTrunk("carrier", InviteHandlers.From(invite => InviteDecision.WaitForOthers($"queue-{invite.To}")))
            .ToNumber("9*", InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.To)))
            .Otherwise(InviteHandlers.Always(InviteDecision.Reject(404)));

        var invite = Client.Hooked.Call();
        Assert.That(await handler.HandleInviteAsync(invite with { To = "911" }, default), Is.EqualTo(InviteDecision.JoinRoom("911")));
        Assert.That(await handler.HandleInviteAsync(invite with { Trunk = "carrier" }, default), Is.TypeOf<InviteDecision.Wait>());
        Assert.That(await handler.HandleInviteAsync(invite, default), Is.EqualTo(InviteDecision.Reject(404)));
    }

    [Test]
    public async Task TrunksAndRules()
    {
        await using var control = await ControlHost.StartAsync(sip: sip =>
        {
            sip.Access.Refuse("203.0.113.0/24").Trust("10.1.0.0/16");
            sip.Trunks.Add(new TrunkOptions
            {
                Name = "carrier",
                Server = "sip:127.0.0.1:5999",
                Credentials = new SipCredentials("1001", "secret"),
                Register = true,
            });
        });
        var server = control.Server;

        var call = await server.CallTrunkAsync("lobby", "carrier", "+4930123456", fromNumber: "1001");

        Assert.That(server.Trunks.Single().Name, Is.EqualTo("carrier"));
        Assert.That(call.Info.Trunk, Is.EqualTo("carrier"));
    }

    [Test]
    public async Task OverHttp()
    {
        const string apiKey = "0123456789abcdef";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSipServer(sip => sip.Listen("udp://127.0.0.1:0"))
            .AddHttpHooks(hooks => hooks.Url = "http://127.0.0.1:3000/hooks");
        builder.Services.AddSipControl(control => control.ApiKeys.Add(apiKey));
        var app = builder.Build();
        app.MapSipControl();        // /sip/invite/client, /sip/calls, /sip/events, ...
        app.MapSipControlDocs();    // /openapi/sip.json, and a page to try it at /scalar

        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        using var http = new HttpClient();
        Assert.That(await http.GetStringAsync(new Uri(app.Urls.First() + "/health")), Is.EqualTo("""{"status":true,"data":"OK"}"""));
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
