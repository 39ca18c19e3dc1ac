using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>
/// A hook server places a call before it answers, and places another when it is asked again: <c>/invite</c> is sent once, whatever becomes
/// of it.
/// </summary>
public sealed class InviteOnceTests
{
    private HookServer _server = null!;

    [SetUp]
    public async Task SetUp() => _server = await HookServer.StartAsync();

    [TearDown]
    public async Task TearDown() => await _server.DisposeAsync();

    [TestCase(400)]
    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task Status_IsNotRepeated(int status)
    {
        _server.Answer = context => HookServer.WriteAsync(context, """{"strategy":"Accept","room_id":"r1"}""", status);
        await AssertAskedOnceAsync();
    }

    [Test]
    public async Task Reset_IsNotRepeated()
    {
        _server.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await AssertAskedOnceAsync();
    }

    [Test]
    public async Task Silence_IsNotRepeated()
    {
        _server.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await AssertAskedOnceAsync(TimeSpan.FromMilliseconds(200));
    }

    [Test]
    public async Task SlowAnswer_IsWaitedFor_BeyondTheLimitOfOneAttempt()
    {
        _server.Answer = async context =>
        {
            await Task.Delay(300, context.RequestAborted);
            await HookServer.WriteAsync(context, """{"strategy":"Accept","room_id":"r1"}""");
        };
        await using var hooks = await Hooked.StartAsync(
            _server.Url, options => options.AttemptTimeout = options.TotalTimeout = TimeSpan.FromMilliseconds(100));
        Assert.That(await hooks.InviteAsync(), Is.TypeOf<InviteDecision.Join>());
        Assert.That(_server.Questions, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task FailedConnection_IsRepeated_BecauseNothingWasSent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var hooks = await Hooked.StartAsync($"http://127.0.0.1:{port}/hooks", options =>
        {
            options.MaxRetries = 10;
            options.RetryDelay = TimeSpan.FromMilliseconds(100);
            options.Breaker.Enabled = false;
        });
        var asked = hooks.InviteAsync().AsTask();
        await using var late = await HookServer.StartAsync(port);
        late.Answer = context => HookServer.WriteAsync(context, """{"strategy":"Accept","room_id":"r1"}""");
        Assert.That(await asked, Is.TypeOf<InviteDecision.Join>());
        Assert.That(late.Questions, Has.Count.EqualTo(1));
    }

    private async Task AssertAskedOnceAsync(TimeSpan? limit = null)
    {
        await using var hooks = await Hooked.StartAsync(_server.Url, options =>
        {
            options.MaxRetries = 3;
            options.InviteTimeout = limit ?? options.InviteTimeout;
        });
        var decision = await hooks.InviteAsync();
        Assert.That(decision, Is.TypeOf<InviteDecision.Rejection>().With.Property("StatusCode").EqualTo(486));
        Assert.That(_server.Questions, Has.Count.EqualTo(1));
    }
}
