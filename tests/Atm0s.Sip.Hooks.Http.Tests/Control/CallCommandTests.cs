using System.Text.Json;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Commands to calls over HTTP.</summary>
public sealed class CallCommandTests
{
    private ControlHost _control = null!;

    [SetUp]
    public async Task SetUp() => _control = await ControlHost.StartAsync();

    [TearDown]
    public async Task TearDown() => await _control.DisposeAsync();

    [Test]
    public async Task EveryCommand_OnACallThatTalks()
    {
        var id = await AnsweredAsync();
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/mute", """{"muted":true}"""), Is.EqualTo((200, """{"result":"done"}""")));
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/mute", ""), Is.EqualTo((200, """{"result":"already_done"}""")));
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/gain", """{"decibels":-6}"""), Is.EqualTo((200, """{"result":"done"}""")));
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/dtmf", """{"digits":"12#"}"""), Is.EqualTo((200, """{"result":"done"}""")));
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/move", """{"room_id":"r2"}"""), Is.EqualTo((200, """{"result":"done"}""")));
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/hold", ""), Is.EqualTo((200, """{"result":"done"}""")));
        Assert.That((await CallAsync(id)).GetProperty("on_hold").GetBoolean(), Is.True);
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/resume", ""), Is.EqualTo((200, """{"result":"done"}""")));
        Assert.That((await CallAsync(id)).GetProperty("on_hold").GetBoolean(), Is.False);
        Assert.That((await _control.PostAsync($"/sip/calls/{id}/reject", "{}")).Status, Is.EqualTo(409));
        Assert.That((await _control.PostAsync($"/sip/calls/{id}/answer", "")), Is.EqualTo((200, """{"result":"already_done"}""")));

        var call = await CallAsync(id);
        Assert.That(call.GetProperty("room_id").GetString(), Is.EqualTo("r2"));
        Assert.That(call.GetProperty("muted").GetBoolean(), Is.True);
        Assert.That(call.GetProperty("gain").GetDouble(), Is.EqualTo(-6));
        Assert.That(call.GetProperty("state").GetString(), Is.EqualTo("answered"));
        Assert.That(call.GetProperty("audio").GetProperty("codec").GetString(), Is.EqualTo("PCMA"));
        var rooms = JsonDocument.Parse((await _control.SendAsync(HttpMethod.Get, "/sip/rooms")).Body).RootElement;
        Assert.That(rooms[0].GetProperty("participants")[0].GetString(), Is.EqualTo(id));

        Assert.That(await _control.SendAsync(HttpMethod.Delete, $"/sip/calls/{id}"), Is.EqualTo((200, """{"result":"done"}""")));
    }

    [Test]
    public async Task RuleAndAutomaticGain_ComeAndGo()
    {
        var id = await AnsweredAsync();
        await using var bot = await _control.Server.AddParticipantAsync("r1", new RoomBotOptions { Id = "coach" });
        var done = (200, """{"result":"done"}""");

        Assert.That(await _control.PostAsync($"/sip/calls/{id}/rule", $$"""{"deaf":true,"hears":["{{id}}"],"heard_by":["coach"]}"""), Is.EqualTo(done));
        var call = await CallAsync(id);
        Assert.That(
            call.GetProperty("rule").GetRawText(), Is.EqualTo($$"""{"deaf":true,"hears":["{{id}}"],"heard_by":["coach"],"pinned":false}"""));
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/rule", "{}"), Is.EqualTo(done));
        Assert.That((await CallAsync(id)).TryGetProperty("rule", out _), Is.False);

        Assert.That(await _control.PostAsync($"/sip/calls/{id}/rule", """{"pinned":true}"""), Is.EqualTo(done));
        await _control.PostAsync($"/sip/calls/{id}/move", """{"room_id":"r2"}""");
        Assert.That((await CallAsync(id)).TryGetProperty("rule", out _), Is.False, "it does not go along");

        Assert.That(await _control.PostAsync($"/sip/calls/{id}/automatic_gain", ""), Is.EqualTo(done));
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/automatic_gain", ""), Is.EqualTo((200, """{"result":"already_done"}""")));
        Assert.That((await CallAsync(id)).GetProperty("automatic_gain").GetBoolean(), Is.True);
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/automatic_gain", """{"on":false}"""), Is.EqualTo(done));
        Assert.That((await CallAsync(id)).GetProperty("automatic_gain").GetBoolean(), Is.False);
    }

    /// <summary>Programs of several rooms may have the same name: a rule is of one room, and means the one that is there.</summary>
    [Test]
    public async Task RuleWithAProgram_MeansTheOneOfItsRoom()
    {
        var id = await AnsweredAsync();
        await using var elsewhere = await _control.Server.AddParticipantAsync("r0", new RoomBotOptions { Id = "bot" });
        var rule = "{\"heard_by\":[\"bot\"]}";
        Assert.That((await _control.PostAsync($"/sip/calls/{id}/rule", rule)).Status, Is.EqualTo(400), "none in its room");
        await using var here = await _control.Server.AddParticipantAsync("r1", new RoomBotOptions { Id = "bot" });
        Assert.That((await _control.PostAsync($"/sip/calls/{id}/rule", rule)).Status, Is.EqualTo(200));
        Assert.That(_control.Server.Calls.Single().Rule.HeardBy, Is.EqualTo(new object[] { here }));

        Assert.That((await _control.PostAsync("/sip/bots/bot/rule", rule)).Status, Is.EqualTo(409), "several");
        Assert.That(
            (await _control.PostAsync("/sip/bots/bot/rule?room_id=r1", $"{{\"hears\":[\"{id}\"]}}")).Status, Is.EqualTo(200));
        Assert.That((await _control.PostAsync("/sip/bots/bot/rule?room_id=r0", "{\"hears\":[\"nobody\"]}")).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task RoomOfManySpeakers_IsOfFewer_WhenItIsSaid()
    {
        await AnsweredAsync();
        Assert.That((await _control.PostAsync("/sip/rooms/r1/max_speakers", "{\"max_speakers\":5}")).Status, Is.EqualTo(200));
        var room = JsonDocument.Parse((await _control.SendAsync(HttpMethod.Get, "/sip/rooms/r1")).Body).RootElement;
        Assert.That(room.GetProperty("max_speakers").GetInt32(), Is.EqualTo(5));
        Assert.That((await _control.PostAsync("/sip/rooms/r1/max_speakers", "{\"max_speakers\":17}")).Status, Is.EqualTo(400));
        Assert.That((await _control.PostAsync("/sip/rooms/r1/max_speakers", "{}")).Status, Is.EqualTo(400));
        Assert.That((await _control.PostAsync("/sip/rooms/none/max_speakers", "{\"max_speakers\":1}")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task WhoTalks_IsSaid_OfCallAndRoom()
    {
        var id = await AnsweredAsync();
        Assert.That(
            async () => (await CallAsync(id)).GetProperty("audio").GetProperty("talking").GetBoolean(), Is.True.After(5000, 50));
        var room = JsonDocument.Parse((await _control.SendAsync(HttpMethod.Get, "/sip/rooms/r1")).Body).RootElement;
        Assert.That(room.GetProperty("talking").EnumerateArray().Select(name => name.GetString()), Is.EqualTo(new[] { id }));
    }

    [Test]
    public async Task Call_IsExplained_Traced_AndTransferred()
    {
        var id = await AnsweredAsync();
        var (status, notes) = await _control.SendAsync(HttpMethod.Get, $"/sip/calls/{id}/explain");
        Assert.That(status, Is.EqualTo(200));
        Assert.That(notes, Does.Contain("PCMA"));
        Assert.That(await _control.PostAsync($"/sip/calls/{id}/trace", ""), Is.EqualTo((200, """{"result":"done"}""")));
        Assert.That(
            (await _control.PostAsync($"/sip/calls/{id}/transfer", """{"target":"1002","timeout_s":1}""")).Body,
            Does.Match("^\\{\"status\":\"[a-z_]+\",\"status_code\":[0-9]+\\}$"));
        Assert.That((await _control.SendAsync(HttpMethod.Get, $"/sip/calls/{id}/trace")).Body, Does.Contain("REFER sip:"));
        Assert.That((await _control.PostAsync($"/sip/calls/{id}/transfer", "{}")).Status, Is.EqualTo(400));
        Assert.That(
            (await _control.PostAsync($"/sip/calls/{id}/transfer", $$"""{"call_id":"{{id}}"}""")).Status, Is.EqualTo(400), "the same call");
        Assert.That((await _control.PostAsync("/sip/calls/nope/transfer", """{"target":"1"}""")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task CommandWithoutABody_TakesItsDefaults()
    {
        var id = await AnsweredAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/sip/calls/{id}/mute", UriKind.Relative));
        request.Content = new StreamContent(new MemoryStream());
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = true;
        using var response = await _control.Http.SendAsync(request);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"result":"done"}"""));
    }

    [Test]
    public async Task CallThatHasJustEnded_IsNotFound_WhateverIsCommanded()
    {
        var id = await AnsweredAsync();
        await _control.SendAsync(HttpMethod.Delete, $"/sip/calls/{id}");
        foreach (var (path, body) in new[] { ("answer", ""), ("reject", "{}"), ("mute", "{}"), ("hold", ""), ("resume", ""), ("gain", "{}"), ("dtmf", """{"digits":"1"}"""), ("move", """{"room_id":"r"}""") })
            Assert.That((await _control.PostAsync($"/sip/calls/{id}/{path}", body)).Status, Is.EqualTo(404), path);
        Assert.That((await _control.SendAsync(HttpMethod.Delete, $"/sip/calls/{id}")).Status, Is.EqualTo(404));
        Assert.That((await _control.SendAsync(HttpMethod.Get, $"/sip/calls/{id}")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task TwoHostsRacing_OneHangsUp_TheOtherIsToldThatItIsDone()
    {
        var id = await AnsweredAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _control.SendAsync(HttpMethod.Delete, $"/sip/calls/{id}")));
        Assert.That(answers.Count(a => a == (200, """{"result":"done"}""")), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status == 200 && a.Body != """{"result":"done"}"""), Has.All.EqualTo((200, """{"result":"already_done"}""")));
        Assert.That(answers.Select(a => a.Status), Has.All.EqualTo(200).Or.EqualTo(404));
        Assert.That(_control.Host.Events.OfType<CallEvent.Ended>().Count(e => e.Call.CallId == id), Is.LessThanOrEqualTo(1));
    }

    [TestCase("gain", """{"decibels":21}""")]
    [TestCase("gain", "nonsense")]
    [TestCase("rule", """{"hears":["nobody"]}""")]
    [TestCase("rule", """{"heard_by":[null]}""")]
    [TestCase("rule", """{"hears":"x"}""")]
    [TestCase("automatic_gain", """{"on":1}""")]
    [TestCase("dtmf", """{"digits":"12x"}""")]
    [TestCase("dtmf", """{}""")]
    [TestCase("dtmf", """{"digits":"1","duration_ms":1}""")]
    [TestCase("move", """{}""")]
    [TestCase("gather", """{"terminator":"12"}""")]
    [TestCase("gather", """{"terminator":"x"}""")]
    [TestCase("move", """{"room_id":"r\n1"}""")]
    [TestCase("reject", """{"status_code":200}""")]
    public async Task WhatCantBe_Is400_WithASentence(string command, string body)
    {
        var id = await AnsweredAsync();
        var (status, problem) = await _control.PostAsync($"/sip/calls/{id}/{command}", body);
        Assert.That(status, Is.EqualTo(400));
        Assert.That(JsonDocument.Parse(problem).RootElement.GetProperty("detail").GetString(), Has.Length.GreaterThan(10));
    }

    [TestCase("gain", """{"decibels":21}""", "decibels: The gain is from -40 to +20 dB.")]
    [TestCase("move", """{}""", "room_id: The value cannot be an empty string.")]
    [TestCase("transfer", """{"target":"a b"}""", "target: \"a b\" is neither a number nor a URI; write for example 1001 or sip:1001@192.0.2.7.")]
    [TestCase("transfer", """{"target":"x","timeout_s":-1}""", "A transfer may take 1 s to 10 minutes.")]
    [TestCase("transfer", """{"target":"x","timeout_s":1e300}""", "The body is no JSON of the expected shape.")]
    [TestCase("transfer", """{"target":"x","call_id":"y"}""", "The body must hold either a target or a call_id.")]
    public async Task WhatCantBe_IsSaidInWordsOfTheContract(string command, string body, string detail)
    {
        var id = await AnsweredAsync();
        var (_, problem) = await _control.PostAsync($"/sip/calls/{id}/{command}", body);
        Assert.That(JsonDocument.Parse(problem).RootElement.GetProperty("detail").GetString(), Is.EqualTo(detail));
    }

    [Test]
    public async Task Trunks_ComeAndGo()
    {
        Assert.That(
            await _control.PostAsync("/sip/trunks", """{"name":"pbx","server":"sip:127.0.0.1:5999"}"""),
            Is.EqualTo((200, """{"name":"pbx","server":"sip:127.0.0.1:5999","state":"ready","status_code":0,"expires":0}""")));
        Assert.That((await _control.PostAsync("/sip/trunks", """{"name":"pbx","server":"sip:127.0.0.1:5999"}""")).Status, Is.EqualTo(409));
        Assert.That((await _control.PostAsync("/sip/trunks", """{"name":"x","server":"nowhere"}""")).Status, Is.EqualTo(400));
        Assert.That((await _control.SendAsync(HttpMethod.Get, "/sip/trunks")).Body, Does.StartWith("""[{"name":"pbx","""));
        Assert.That((await _control.SendAsync(HttpMethod.Delete, "/sip/trunks/pbx")).Status, Is.EqualTo(204));
        Assert.That((await _control.SendAsync(HttpMethod.Delete, "/sip/trunks/pbx")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Registrations_AreListed_AllOrOfOneUser()
    {
        var session = await _control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        await _control.RegisterAsync("carol", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        Assert.That(JsonDocument.Parse((await _control.SendAsync(HttpMethod.Get, "/sip/registrations")).Body).RootElement.GetArrayLength(),
            Is.EqualTo(2));
        var bobs = JsonDocument.Parse((await _control.SendAsync(HttpMethod.Get, "/sip/registrations?username=bob")).Body).RootElement;
        Assert.That(bobs.GetArrayLength(), Is.EqualTo(1));
        Assert.That(bobs[0].GetProperty("session_id").GetString(), Is.EqualTo(session));
        Assert.That(bobs[0].GetProperty("user_agent").GetString(), Does.Contain("Atm0s"));
    }

    private async Task<JsonElement> CallAsync(string id) =>
        JsonDocument.Parse((await _control.SendAsync(HttpMethod.Get, $"/sip/calls/{id}")).Body).RootElement;

    private async Task<string> AnsweredAsync()
    {
        var session = await _control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        var call = await _control.Server.CallClientAsync("r1", session, "1001");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        return call.Id;
    }
}
