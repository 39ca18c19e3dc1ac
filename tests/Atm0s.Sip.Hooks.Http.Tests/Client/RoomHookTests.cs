using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>The end of a room, as the hook server hears of it.</summary>
public sealed class RoomHookTests
{
    private HookServer _server = null!;

    [SetUp]
    public async Task SetUp() => _server = await HookServer.StartAsync();

    [TearDown]
    public async Task TearDown() => await _server.DisposeAsync();

    [Test]
    public async Task EndOfARoom_IsTold_AlsoWhenTheServerStops()
    {
        using var host = await StartAsync(hooks => hooks.RoomEvents = true);
        var server = host.Services.GetRequiredService<ISipServer>();
        var first = await server.AddParticipantAsync("first room");
        await server.AddParticipantAsync("second");
        await first.DisposeAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_server.Questions.Count == 0)
            await Task.Delay(20, limit.Token);
        Assert.That(_server.Questions.Single().Path, Is.EqualTo("/hooks/room"));
        Assert.That(_server.Questions.Single().Body, Does.Match(
            """^\{"event":"closed","room_id":"first room","timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"\}$"""));

        await host.StopAsync();

        Assert.That(_server.Questions.Select(question => question.Body).Last(), Does.Contain("\"room_id\":\"second\""));
    }

    [Test]
    public async Task UnlessItIsWanted_NothingIsTold()
    {
        using var host = await StartAsync(_ => { });
        await using (await host.Services.GetRequiredService<ISipServer>().AddParticipantAsync("room"))
        {
        }

        await host.StopAsync();
        Assert.That(_server.Questions, Is.Empty);
    }

    private async Task<IHost> StartAsync(Action<HttpHookOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSipServer(sip => sip.Listen("udp://127.0.0.1:0")).AddHttpHooks(hooks =>
        {
            hooks.Url = _server.Url;
            configure(hooks);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
