using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>The OpenAPI document says what there is, and its own examples work.</summary>
public sealed class OpenApiTests
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Test]
    public async Task EveryExample_IsTakenByItsEndpoint()
    {
        await using var control = await ControlHost.StartAsync();
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var session = await control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        await control.Server.AddParticipantAsync("bots", new RoomBotOptions { Id = "assistant", LeaveWithOthers = false });
        var tried = 0;
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            if (!path.Value.TryGetProperty("post", out var post) || !post.TryGetProperty("requestBody", out var body))
                continue;
            var example = body.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText()
                .Replace("01HZX3", session, StringComparison.Ordinal);
            var call = await control.Server.CallClientAsync("examples", session, "1001");
            await call.Answered;
            var id = path.Name.StartsWith("/sip/bots/", StringComparison.Ordinal) ? "assistant" : call.Id;
            var (status, answer) = await control.PostAsync(path.Name.Replace("{id}", id, StringComparison.Ordinal), example);
            // An example may name a trunk that is not there, or reject a call that talks; it is never malformed.
            Assert.That(status, Is.EqualTo(200).Or.EqualTo(404).Or.EqualTo(409), $"{path.Name} {example} {answer}");
            Assert.That(status == 200 || path.Name.EndsWith("/reject", StringComparison.Ordinal)
                || path.Name.EndsWith("/trunk", StringComparison.Ordinal)
                // No folders, no such room.
                || path.Name.EndsWith("/play", StringComparison.Ordinal) || path.Name.EndsWith("/record", StringComparison.Ordinal)
                || path.Name.StartsWith("/sip/rooms/", StringComparison.Ordinal), Is.True, $"{path.Name} {answer}");
            await call.HangUpAsync();
            tried++;
        }

        Assert.That(tried, Is.EqualTo(25));
    }

    [Test]
    public async Task Schemas_NameTheFieldsAsTheyAreOnTheWire()
    {
        await using var control = await ControlHost.StartAsync();
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.That(
            schemas.GetProperty("InviteServerRequest").GetProperty("properties").EnumerateObject().Select(p => p.Name),
            Is.EqualTo(
                new[] { "room_id", "dest_addr", "dest_auth", "from_number", "to_number", "server_alias", "hook_uri", "for_conn_id" }));
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

    [Test]
    public async Task Numbers_AreNumbers_RequiredFieldsAreNotNull_NamesAreListed()
    {
        await using var control = await ControlHost.StartAsync();
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.That(schemas.GetRawText(), Does.Not.Match("\"integer\",\\s*\"string\"|\"string\",\\s*\"(integer|number)\""));
        var invite = schemas.GetProperty("InviteClientRequest");
        Assert.That(
            invite.GetProperty("required").EnumerateArray().Select(n => n.GetString()),
            Is.EquivalentTo(new[] { "room_id", "dest_session_id", "from_number" }));
        Assert.That(Type(schemas, "InviteClientRequest", "room_id"), Is.EqualTo("\"string\""));
        Assert.That(Type(schemas, "GainRequest", "decibels"), Is.EqualTo("\"number\""));
        Assert.That(Type(schemas, "RoomResource", "members"), Is.EqualTo("\"integer\""));
        Assert.That(Names(schemas, "CallResource", "state"), Is.EqualTo("connecting ringing answered ended"));
        Assert.That(Names(schemas, "CallResource", "direction"), Is.EqualTo("incoming outgoing"));
        Assert.That(Names(schemas, "CommandDone", "result"), Is.EqualTo("done already_done"));
        Assert.That(Names(schemas, "TrunkResource", "state"), Is.EqualTo("ready registering registered failed removed"));
    }

    [Test]
    public async Task Events_HaveSchemas()
    {
        await using var control = await ControlHost.StartAsync();
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.That(Names(schemas, "CallHookEvent", "cause"), Does.StartWith("remote_hangup local_hangup"));
        var steps = typeof(CallEvent).GetNestedTypes()
            .Select(type => type == typeof(CallEvent.DtmfReceived) ? "dtmf" : JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name));
        Assert.That(Names(schemas, "CallHookEvent", "event").Split(' '), Is.EquivalentTo(steps), "every step of a call is named");
        Assert.That(Names(schemas, "UnregisteredMessage", "reason"), Is.EqualTo("client expired flow_closed replaced shutdown"));
        var events = document.RootElement.GetProperty("paths").GetProperty("/sip/events").GetProperty("get").GetProperty("responses")
            .GetProperty("200").GetProperty("content").GetProperty("text/event-stream").GetRawText();
        foreach (var name in new[] { "SnapshotMessage", "CallHookEvent", "RegistrationResource", "UnregisteredMessage", "TrunkResource",
            "RoomMessage", "MissedMessage" })
            Assert.That(events, Does.Contain($"#/components/schemas/{name}\""));
    }

    [TestCase("SnapshotMessage", "calls", "CallResource")]
    [TestCase("SnapshotMessage", "registrations", "RegistrationResource")]
    [TestCase("UnregisteredMessage", "registration", "RegistrationResource")]
    [TestCase("CallHookEvent", "quality", "CallHookQuality")]
    [TestCase("CallResource", "audio", "AudioResource")]
    public async Task Parts_AreNamed(string schema, string field, string part)
    {
        await using var control = await ControlHost.StartAsync();
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.That(
            schemas.GetProperty(schema).GetProperty("properties").GetProperty(field).GetRawText(),
            Does.Contain($"#/components/schemas/{part}\""));
    }

    /// <summary>
    /// The client sample is made from a document in the repository. After a change of the API: run this test with UPDATE_OPENAPI=1 in the
    /// environment.
    /// </summary>
    [Test]
    public async Task DocumentOfTheClientSample_IsTheOneThatIsServed()
    {
        await using var control = await ControlHost.StartAsync();
        var served = JsonNode.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body)!;
        served["servers"] = new JsonArray(new JsonObject { ["url"] = "http://127.0.0.1:8002" });
        var text = served.ToJsonString(Indented) + "\n";
        var file = Path.Combine(FindRoot(), "samples", "ControlClient", "openapi.json");
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
            await File.WriteAllTextAsync(file, text);

        Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo(text), "run this test with UPDATE_OPENAPI=1 and commit the file");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Key_IsAskedForWhereItIsWanted(bool hasKey)
    {
        await using var control = await ControlHost.StartAsync(options =>
        {
            options.AllowAnonymous = !hasKey;
            if (hasKey)
                options.ApiKeys.Add(ControlHost.Key);
        });
        using var document = JsonDocument.Parse((await control.SendAsync(HttpMethod.Get, "/openapi/sip.json")).Body);
        var root = document.RootElement;
        Assert.That(root.TryGetProperty("security", out _), Is.EqualTo(hasKey));
        var health = root.GetProperty("paths").GetProperty("/health").GetProperty("get");
        Assert.That(health.GetProperty("security").GetArrayLength(), Is.Zero);
        var invite = root.GetProperty("paths").GetProperty("/sip/invite/client").GetProperty("post").GetProperty("responses");
        Assert.That(invite.TryGetProperty("401", out _), Is.EqualTo(hasKey));
        Assert.That(invite.TryGetProperty("415", out _) && invite.TryGetProperty("413", out _), Is.True);
        Assert.That(root.GetProperty("servers")[0].GetProperty("url").GetString(), Does.Not.EndWith("/"));
    }

    private static string Type(JsonElement schemas, string schema, string field) =>
        schemas.GetProperty(schema).GetProperty("properties").GetProperty(field).GetProperty("type").GetRawText();

    private static string Names(JsonElement schemas, string schema, string field) => string.Join(
        ' ', schemas.GetProperty(schema).GetProperty("properties").GetProperty(field).GetProperty("enum").EnumerateArray());

    private static string FindRoot()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "Atm0s.Sip.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Atm0s.Sip.sln is not above the tests.");
        return folder;
    }
}
