using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Hooks.Http.Client;
using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>Many questions at once, and a hook server that can't keep up, fails for some, or is not there.</summary>
public sealed class HookLoadTests
{
    private static readonly TimeSpan MaxTotal = TimeSpan.FromSeconds(59);

    [Test]
    public async Task Crowd_SharesFewConnections_AndEachGetsItsAnswer()
    {
        await using var server = await HookServer.StartAsync();
        var connections = new HashSet<string>();
        server.Answer = async context =>
        {
            lock (connections)
                connections.Add(context.Connection.Id);
            await Task.Yield();
            await HookServer.WriteAsync(context, """{"success":true,"ha1":"939e7578ed9e3c518a452acee763bce9"}""");
        };
        await using var hooks = await Hooked.StartAsync(server.Url, options => (options.MaxConnections, options.TotalTimeout) = (8, MaxTotal));
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => hooks.AuthorizeAsync().AsTask()));
        Assert.That(answers, Has.All.TypeOf<AuthDecision.KnownUser>());
        Assert.That(connections, Has.Count.LessThanOrEqualTo(8));
    }

    [Test]
    public async Task Errors_DoNotCloseTheWayForOthers()
    {
        await using var server = await HookServer.StartAsync();
        server.Answer = context => HookServer.WriteAsync(context, "", 500);
        await using var hooks = await Hooked.StartAsync(
            server.Url, options => (options.MaxRetries, options.Breaker.MinimumThroughput, options.TotalTimeout) = (0, 2, MaxTotal));
        for (var i = 0; i < 5; i++)
            await AssertFailsAsync(hooks, HookCallOutcome.Status);
        Assert.That(server.Questions, Has.Count.EqualTo(5), "each was asked");
    }

    [Test]
    public async Task Slowness_DoesNotCloseTheWayForOthers()
    {
        await using var server = await HookServer.StartAsync();
        server.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var hooks = await Hooked.StartAsync(server.Url, options =>
        {
            (options.MaxRetries, options.Breaker.MinimumThroughput) = (0, 2);
            options.AttemptTimeout = options.TotalTimeout = TimeSpan.FromMilliseconds(100);
        });
        // None is BreakerOpen.
        for (var i = 0; i < 8; i++)
            await AssertFailsAsync(hooks, HookCallOutcome.Timeout);
    }

    [Test]
    public async Task NoConnection_OpensTheBreaker()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        await using var hooks = await Hooked.StartAsync($"http://127.0.0.1:{port}/hooks", options =>
        {
            options.MaxRetries = 0;
            options.Breaker.MinimumThroughput = 5;
        });
        for (var i = 0; i < 5; i++)
            await AssertFailsAsync(hooks, HookCallOutcome.Connection);
        await AssertFailsAsync(hooks, HookCallOutcome.BreakerOpen);
    }

    private static async Task AssertFailsAsync(Hooked hooks, HookCallOutcome outcome)
    {
        HookCallException? failure = null;
        try
        {
            await hooks.AuthorizeAsync();
        }
        catch (HookCallException thrown)
        {
            failure = thrown;
        }

        Assert.That(failure?.Outcome, Is.EqualTo(outcome));
    }
}
