using System.Text.Json;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>The OpenAPI document says what there is, and its own examples work.</summary>
public sealed class OpenApiTests
{
    [Test]
    public async Task EveryExample_IsTakenByItsEndpoint()
    {
        await using var control = await ControlHost.StartAsync();
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var session = await control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        var tried = 0;
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            if (!path.Value.TryGetProperty("post", out var post) || !post.TryGetProperty("requestBody", out var body))
                continue;
            var example = body.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText()
                .Replace("01HZX3", session, StringComparison.Ordinal);
            var call = await control.Server.CallClientAsync("examples", session, "1001");
            await call.Answered;
            var (status, answer) = await control.PostAsync(path.Name.Replace("{id}", call.Id, StringComparison.Ordinal), example);
            // An example may name a trunk that is not there, or reject a call that talks; it is never malformed.
            Assert.That(status, Is.EqualTo(200).Or.EqualTo(404).Or.EqualTo(409), $"{path.Name} {example} {answer}");
            Assert.That(status == 200 || path.Name.EndsWith("/reject", StringComparison.Ordinal)
                || path.Name.EndsWith("/trunk", StringComparison.Ordinal), Is.True, $"{path.Name} {answer}");
            await call.HangUpAsync();
            tried++;
        }

        Assert.That(tried, Is.EqualTo(9));
    }

    [Test]
    public async Task Schemas_NameTheFieldsAsTheyAreOnTheWire()
    {
        await using var control = await ControlHost.StartAsync();
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.That(
            schemas.GetProperty("InviteServerRequest").GetProperty("properties").EnumerateObject().Select(p => p.Name),
            Is.EqualTo(new[] { "room_id", "dest_addr", "dest_auth", "from_number", "to_number", "server_alias", "hook_uri" }));
        Assert.That(
            schemas.EnumerateObject()
            .SelectMany(s => s.Value.TryGetProperty("properties", out var p) ? p.EnumerateObject().Select(f => f.Name) : []),
            Has.None.Match("[A-Z]"));
    }

    [Test]
    public async Task Key_IsAskedFor()
    {
        await using var control = await ControlHost.StartAsync();
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        Assert.That(document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("ApiKey")
            .GetProperty("scheme").GetString(), Is.EqualTo("bearer"));
        Assert.That(document.RootElement.GetProperty("security")[0].TryGetProperty("ApiKey", out _), Is.True);
    }

    [Test]
    public async Task Page_ToReadIt_IsThere()
    {
        await using var control = await ControlHost.StartAsync();
        Assert.That((await control.SendAsync(HttpMethod.Get, "/scalar")).Body, Does.Contain("openapi/sip.json"));
    }
}
