using System.Net.Http.Headers;
using Atm0s.Sip.Dashboard.Tests.Hosts;

namespace Atm0s.Sip.Dashboard.Tests.Http;

/// <summary>Who may look and command: who has a key, and no page of another site.</summary>
public sealed class AccessTests
{
    private const string Mute = """{"do":"mute"}""";

    private static readonly string[] Reads = ["api/calls/call00001", "api/calls/call00001/pcap", "api/live"];

    [Test]
    public async Task WithoutAKey_NothingIsTold()
    {
        await using var host = await DashboardHost.StartAsync(keyed: true, server: new FakeServer(1));
        foreach (var key in new[] { null, "wrong", DashboardHost.Key + "0" })
        {
            host.Http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            foreach (var path in Reads)
            {
                Assert.That((await host.SendAsync(HttpMethod.Get, path)).Status, Is.EqualTo(401));
                var withKey = $"{path}?key={DashboardHost.Key}&api_key={DashboardHost.Key}";
                Assert.That((await host.SendAsync(HttpMethod.Get, withKey)).Status, Is.EqualTo(401));
            }

            foreach (var path in new[] { "api/calls/call00001", "api/dial", "api/hang-up-room" })
                Assert.That((await host.SendAsync(HttpMethod.Post, path, Mute)).Status, Is.EqualTo(401));
        }
    }

    [TestCase("Origin", "http://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    [TestCase("Host", "evil.example")]
    public async Task ForeignPage_IsRefused_WhereNoKeyIsWanted(string name, string value)
    {
        var server = new FakeServer(1);
        await using var host = await DashboardHost.StartAsync(server: server);
        foreach (var path in Reads)
            Assert.That((await host.SendAsync(HttpMethod.Get, path, null, (name, value))).Status, Is.EqualTo(403));
        Assert.That((await host.SendAsync(HttpMethod.Post, "api/calls/call00001", Mute, (name, value))).Status, Is.EqualTo(403));
        Assert.That((await host.SendAsync(HttpMethod.Post, "api/dial", "{}", (name, value))).Status, Is.EqualTo(403));
        Assert.That(server.Calls.Single().IsMuted, Is.False);
    }

    [Test]
    public async Task OrderThatIsNoJson_IsRefused()
    {
        var server = new FakeServer(1);
        await using var host = await DashboardHost.StartAsync(server: server);
        using var form = new StringContent(Mute, System.Text.Encoding.UTF8, "text/plain");
        using var response = await host.Http.PostAsync(new Uri("api/calls/call00001", UriKind.Relative), form);
        Assert.That((int)response.StatusCode, Is.EqualTo(415));
        var tooLong = $$"""{"do":"mute","digits":"{{new string('1', 20_000)}}"}""";
        foreach (var body in new[] { "", "{", "[]", "null", tooLong })
            Assert.That((await host.SendAsync(HttpMethod.Post, "api/calls/call00001", body)).Status, Is.EqualTo(400));
        Assert.That(server.Calls.Single().IsMuted, Is.False);
    }

    [Test]
    public async Task LookOnly_HasNoCommands()
    {
        var server = new FakeServer(1);
        await using var host = await DashboardHost.StartAsync(server: server, dashboard: static options => options.AllowCommands = false);
        Assert.That((await host.SendAsync(HttpMethod.Post, "api/calls/call00001", Mute)).Status, Is.EqualTo(405));
        Assert.That((await host.SendAsync(HttpMethod.Post, "api/dial", "{}")).Status, Is.EqualTo(404));
        Assert.That(server.Calls.Single().IsMuted, Is.False);
    }
}
