using Atm0s.Sip.Control;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Nobody commands without a key.</summary>
public sealed class ApiKeyTests
{
    private static readonly string[] Paths =
    [
        "POST /sip/invite/client", "POST /sip/invite/user", "POST /sip/invite/server", "POST /sip/invite/trunk", "GET /sip/calls",
            "GET /sip/calls/a",
            "DELETE /sip/calls/a", "POST /sip/calls/a/answer",
        "POST /sip/calls/a/reject", "POST /sip/calls/a/mute", "POST /sip/calls/a/gain", "POST /sip/calls/a/dtmf", "POST /sip/calls/a/move",
            "POST /sip/calls/a/hold", "GET /sip/calls/a/explain", "GET /sip/calls/a/trace",
            "POST /sip/calls/a/trace", "POST /sip/calls/a/transfer", "POST /sip/calls/a/resume",
            "GET /sip/rooms", "GET /sip/rooms/a", "DELETE /sip/rooms/a", "GET /sip/registrations",
        "GET /sip/trunks", "POST /sip/trunks", "DELETE /sip/trunks/a", "GET /sip/events",
    ];

    [Test]
    public async Task MissingAndWrongKeys_Are401_Everywhere(
        [Values("", "Bearer wrong-wrong-wrong", "Bearer ", "Basic MDEyMzQ1Njc4OWFiY2RlZg==")] string authorization)
    {
        await using var control = await ControlHost.StartAsync();
        control.Http.DefaultRequestHeaders.Clear();
        if (authorization.Length > 0)
            control.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        foreach (var path in Paths.Select(p => p.Split(' ')))
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(path[0]), new Uri(path[1], UriKind.Relative)) { Content = path[0] == "POST"
                ? new StringContent("{}", null, "application/json") : null };
            using var response = await control.Http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            Assert.That((int)response.StatusCode, Is.EqualTo(401), path[1]);
            Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer"), path[1]);
            Assert.That(body, path[1].Contains("invite", StringComparison.Ordinal) ? Is.EqualTo("UNAUTHORIZED")
                : Does.Contain("\"status\":401"), path[1]);
        }

        Assert.That((await control.SendAsync(HttpMethod.Get, "/health")).Status, Is.EqualTo(200), "health is for anybody");
    }

    [Test]
    public async Task EveryKey_Works_InBothHeaders()
    {
        await using var control = await ControlHost.StartAsync(options =>
        {
            options.ApiKeys.Add(ControlHost.Key);
            options.ApiKeys.Add("another-key-of-mine");
        });
        Assert.That((await control.SendAsync(HttpMethod.Get, "/sip/calls")).Status, Is.EqualTo(200));
        control.Http.DefaultRequestHeaders.Clear();
        control.Http.DefaultRequestHeaders.Add("X-Api-Key", "another-key-of-mine");
        Assert.That((await control.SendAsync(HttpMethod.Get, "/sip/calls")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Anonymous_IsAskedForByName()
    {
        await using var control = await ControlHost.StartAsync(options => options.AllowAnonymous = true);
        control.Http.DefaultRequestHeaders.Clear();
        Assert.That((await control.SendAsync(HttpMethod.Get, "/sip/calls")).Status, Is.EqualTo(200));
    }

    [Test]
    public void NoKey_ShortKey_StopTheStart()
    {
        Assert.That(
            () => ControlHost.StartAsync(_ => { }), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("ApiKeys.Add"));
        Assert.That(() => ControlHost.StartAsync(options => options.ApiKeys.Add("short")),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("16 characters"));
        foreach (var key in new[] { new string(' ', 20), "0123456789 abcdef", "0123456789\tabcdef", "0123456789äabcdef" })
        {
            Assert.That(
                () => ControlHost.StartAsync(options => options.ApiKeys.Add(key)),
                Throws.TypeOf<OptionsValidationException>().With.Message.Contains("could not be sent"),
                key);
        }

        Assert.That(
            () => ControlHost.StartAsync(options => (options.AllowAnonymous, options.Heartbeat) = (true, TimeSpan.Zero)),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Heartbeat"));
    }
}
