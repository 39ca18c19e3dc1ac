using System.Net.Http.Headers;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>A server without a key can't be commanded, or read, by a web page in somebody's browser.</summary>
public sealed class RequestGuardTests
{
    private const string Invite = """{"room_id":"r1","dest_addr":"127.0.0.1:9","from_number":"1","to_number":"2"}""";

    [TestCase("Origin", "http://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Origin", "http://127.0.0.1:1")]
    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    [TestCase("Host", "evil.example")]
    [TestCase("Host", "localhost.evil.example")]
    [TestCase("Host", "rooms:8002")]
    public async Task ForeignPage_IsRefused_Everywhere(string header, string value)
    {
        await using var control = await OpenAsync();
        Assert.That(
            await SendAsync(control, HttpMethod.Post, "/sip/invite/server", (header, value), Invite), Is.EqualTo((403, "FORBIDDEN")));
        Assert.That((await SendAsync(control, HttpMethod.Get, "/sip/registrations", (header, value))).Status, Is.EqualTo(403));
        Assert.That((await SendAsync(control, HttpMethod.Post, "/sip/calls/a/answer", (header, value))).Status, Is.EqualTo(403));
        Assert.That((await SendAsync(control, HttpMethod.Get, "/sip/events", (header, value))).Status, Is.EqualTo(403));
        Assert.That(control.Server.Calls, Is.Empty);
    }

    [TestCase("Sec-Fetch-Site", "same-origin")]
    [TestCase("Sec-Fetch-Site", "none")]
    [TestCase("Host", "localhost:8002")]
    [TestCase("Host", "[::1]:8002")]
    [TestCase("Host", "192.0.2.7")]
    [TestCase("Host", "rooms.internal")]
    public async Task OwnPage_AndOwnNames_AreTaken(string header, string value)
    {
        await using var control = await OpenAsync();
        Assert.That((await SendAsync(control, HttpMethod.Get, "/sip/calls", (header, value))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task OwnOrigin_IsTaken()
    {
        await using var control = await OpenAsync();
        var origin = control.Url.GetLeftPart(UriPartial.Authority);
        Assert.That((await SendAsync(control, HttpMethod.Get, "/sip/calls", ("Origin", origin))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Key_IsProofEnough()
    {
        await using var control = await ControlHost.StartAsync();
        Assert.That((await SendAsync(control, HttpMethod.Get, "/sip/calls", ("Host", "sip.example.com"))).Status, Is.EqualTo(200));
    }

    [TestCase(null)]
    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data; boundary=x")]
    public async Task BodyThatIsNoJson_Is415_WithAKeyOrWithout(string? type)
    {
        await using var open = await OpenAsync();
        await using var keyed = await ControlHost.StartAsync();
        foreach (var control in new[] { open, keyed })
        {
            using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(Invite));
            content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
            using var response = await control.Http.PostAsync(new Uri("/sip/invite/server", UriKind.Relative), content);
            Assert.That((int)response.StatusCode, Is.EqualTo(415));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("UNSUPPORTED_MEDIA_TYPE"));
            Assert.That(control.Server.Calls, Is.Empty);

            // Where answers are problems it is one, which says what is wanted: what curl -d sends has the type of a form.
            using var again = new ByteArrayContent("{}"u8.ToArray());
            again.Headers.ContentType = content.Headers.ContentType;
            using var problem = await control.Http.PostAsync(new Uri("/sip/calls/none/mute", UriKind.Relative), again);
            Assert.That((int)problem.StatusCode, Is.EqualTo(415));
            Assert.That(problem.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(await problem.Content.ReadAsStringAsync(), Does.Contain("The body must be application/json."));
        }
    }

    private static Task<ControlHost> OpenAsync() => ControlHost.StartAsync(options =>
    {
        options.AllowAnonymous = true;
        options.AllowedHosts.Add("rooms.internal");
    });

    private static async Task<(int Status, string Body)> SendAsync(
        ControlHost control, HttpMethod method, string path, (string Name, string Value) header, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, null, "application/json");
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        using var response = await control.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
