using Atm0s.Sip.Dashboard.Tests.Hosts;

namespace Atm0s.Sip.Dashboard.Tests.Http;

/// <summary>The stream of updates: everything once, then what changed; so many watch and no more; it ends with the host.</summary>
public sealed class LiveStreamTests
{
    [Test]
    public async Task Stream_TellsAllOnce_ThenWhatChanged()
    {
        var server = new FakeServer(3);
        await using var host = await DashboardHost.StartAsync(server: server);
        using var stream = await LiveStream.OpenAsync(host);
        Assert.That(stream.Response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
        var first = (await stream.NextAsync())!.Value;
        Assert.That(first.GetProperty("full").GetBoolean(), Is.True);
        Assert.That(first.GetProperty("calls").GetProperty("set").GetArrayLength(), Is.EqualTo(3));
        Assert.That(first.GetProperty("rooms").GetProperty("set")[0].GetProperty("members").GetInt32(), Is.EqualTo(3));

        server.End("call00002");
        server.Add(new FakeCall(4, "other"));
        while (true)
        {
            var next = (await stream.NextAsync())!.Value;
            Assert.That(next.GetProperty("full").GetBoolean(), Is.False);
            if (!next.TryGetProperty("calls", out var calls))
                continue;
            Assert.That(calls.GetProperty("gone")[0].GetString(), Is.EqualTo("call00002"));
            Assert.That(calls.GetProperty("set").EnumerateArray().Single().GetProperty("id").GetString(), Is.EqualTo("call00004"));
            return;
        }
    }

    [Test]
    public async Task Watchers_BeyondTheLimit_AreToldToComeBack()
    {
        await using var host = await DashboardHost.StartAsync(
            server: new FakeServer(1), dashboard: static options => options.MaxWatchers = 2);
        var first = await LiveStream.OpenAsync(host);
        using var second = await LiveStream.OpenAsync(host);
        using (var third = await LiveStream.OpenAsync(host))
        {
            Assert.That(third.Status, Is.EqualTo(503));
            Assert.That(third.Response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
        }

        first.Dispose();
        for (var i = 0; i < 100; i++)
        {
            using var again = await LiveStream.OpenAsync(host);
            if (again.Status == 200)
                return;
            await Task.Delay(50);
        }

        Assert.Fail("The place of a page that has gone is not given to another.");
    }

    [Test]
    public async Task Stream_EndsWithTheHost()
    {
        await using var host = await DashboardHost.StartAsync(server: new FakeServer(1));
        using var stream = await LiveStream.OpenAsync(host);
        Assert.That(await stream.NextAsync(), Is.Not.Null);
        var stopped = host.StopAsync();
        while (await stream.NextAsync() is not null)
        {
        }

        Assert.That(await Task.WhenAny(stopped, Task.Delay(TimeSpan.FromSeconds(5))), Is.SameAs(stopped));
    }

    [Test]
    public async Task ManyCalls_AreCounted_AndSomeShown()
    {
        await using var host = await DashboardHost.StartAsync(
            server: new FakeServer(500), dashboard: static options => options.MaxRows = 20);
        using var stream = await LiveStream.OpenAsync(host);
        var first = (await stream.NextAsync())!.Value;
        Assert.That(first.GetProperty("calls").GetProperty("total").GetInt32(), Is.EqualTo(500));
        Assert.That(first.GetProperty("calls").GetProperty("set").GetArrayLength(), Is.EqualTo(20));
        Assert.That(first.GetProperty("rooms").GetProperty("total").GetInt32(), Is.EqualTo(125));
        Assert.That(first.GetProperty("rooms").GetProperty("set").GetArrayLength(), Is.EqualTo(20));
    }
}
