using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Events as server-sent events and over a WebSocket.</summary>
public sealed class EventStreamTests
{
    private static readonly string[] Story = [
        "snapshot", "registered", "room_opened", "call connecting", "call ringing", "call answered", "room_closed", "call ended"];

    [Test]
    public async Task ServerSentEvents_TellTheStoryOfACall()
    {
        await using var control = await ControlHost.StartAsync();
        using var response = await control.Http.GetAsync(
            new Uri("/sip/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo(": watching"));
        await CallAsync(control);

        var story = new List<string>();
        var name = "";
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (story.Count < Story.Length && await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                story.Add(Word(name, JsonDocument.Parse(line[6..]).RootElement));
        }

        Assert.That(story, Is.EqualTo(Story));
    }

    [Test]
    public async Task WebSocket_TellsTheSame()
    {
        await using var control = await ControlHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Api-Key", ControlHost.Key);
        await socket.ConnectAsync(new UriBuilder(control.Url) { Scheme = "ws", Path = "/sip/events" }.Uri, CancellationToken.None);
        await ControlHost.UntilAsync(() => control.Server.Parts.Events.IsWatched, "watching");
        await CallAsync(control);

        var story = new List<string>();
        var buffer = new byte[16_384];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (story.Count < Story.Length)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            var message = JsonDocument.Parse(Encoding.UTF8.GetString(buffer, 0, length)).RootElement;
            story.Add(Word(message.GetProperty("event").GetString()!, message.GetProperty("data")));
        }

        Assert.That(story, Is.EqualTo(Story));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        var closed = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
        Assert.That(closed.MessageType, Is.EqualTo(WebSocketMessageType.Close));
        Assert.That(socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure), "its close is answered");
    }

    [Test]
    public async Task SilentStream_HasAHeartbeat_AndEndsWithTheHost()
    {
        var control = await ControlHost.StartAsync(options =>
        {
            options.ApiKeys.Add(ControlHost.Key);
            options.Heartbeat = TimeSpan.FromSeconds(1);
        });
        using var response = await control.Http.GetAsync(
            new Uri("/sip/events?snapshot=false", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var lines = new List<string?>();
        for (var i = 0; i < 3; i++)
            lines.Add(await reader.ReadLineAsync(limit.Token));
        Assert.That(lines, Does.Contain(": still here"));
        await control.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task WebSocket_IsToldThatTheServerGoes()
    {
        var control = await ControlHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Api-Key", ControlHost.Key);
        await socket.ConnectAsync(new UriBuilder(control.Url) { Scheme = "ws", Path = "/sip/events" }.Uri, CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var stopping = control.DisposeAsync().AsTask();
        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer, limit.Token)).MessageType != WebSocketMessageType.Close)
        {
        }

        Assert.That(socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.EndpointUnavailable));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        await stopping.WaitAsync(limit.Token);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task WatcherThatComesBack_GetsWhatItMissed(bool byQuery)
    {
        await using var control = await ControlHost.StartAsync();
        var first = await ReadAsync(control, null, 2, async () => await CallAsync(control));
        Assert.That(first.Select(e => e.Word), Is.EqualTo(Story[..2]));
        var rest = await ReadAsync(control, first[^1].Id, Story.Length - 2, () => Task.CompletedTask, byQuery);
        Assert.That(rest.Select(e => e.Word), Is.EqualTo(Story[2..]));
        var all = await ReadAsync(control, first[0].Id, Story.Length - 1, () => Task.CompletedTask, byQuery);
        Assert.That(all.Select(e => e.Word), Is.EqualTo(Story[1..]), "who has seen the snapshot alone gets what came after it");
        Assert.That(rest.Select(e => e.Id).Distinct().Count(), Is.EqualTo(rest.Count));
        var again = await ReadAsync(control, rest[2].Id, 3, () => Task.CompletedTask, byQuery);
        Assert.That(again, Is.EqualTo(rest[3..]), "the same events have the same ids");
    }

    [Test]
    public async Task WatcherOfAnEarlierRun_GetsWhatThereIs()
    {
        await using var control = await ControlHost.StartAsync();
        await ReadAsync(control, null, Story.Length, async () => await CallAsync(control));
        var all = await ReadAsync(control, "00000000-4711", Story.Length, () => Task.CompletedTask);
        Assert.That(all.Select(e => e.Word), Is.EqualTo(Story[1..].Append("snapshot")), "and then how it stands");
    }

    [Test]
    public async Task Snapshot_ShowsWhatThereIs()
    {
        await using var control = await ControlHost.StartAsync();
        var session = await control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        var call = await control.Server.CallClientAsync("r1", session, "1001");
        await call.Answered;
        Assert.That((await control.PostAsync("/sip/trunks", """{"name":"pbx","server":"sip:127.0.0.1:5999"}""")).Status, Is.EqualTo(200));

        await using var bot = await control.Server.AddParticipantAsync("r1", new RoomBotOptions { Id = "bot" });
        var folder = Directory.CreateTempSubdirectory();
        var recording = await control.Server.StartRecordingAsync("r1", Path.Combine(folder.FullName, "a.wav"));
        var stream = await control.Server.StartStreamAsync("r1", new MediaStreamOptions { Url = new Uri("ws://127.0.0.1:9/"), TwoWay = false });

        using var response = await control.Http.GetAsync(
            new Uri("/sip/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        string? line;
        do
            line = await reader.ReadLineAsync();
        while (line?.StartsWith("data: ", StringComparison.Ordinal) == false);

        var snapshot = JsonDocument.Parse(line![6..]).RootElement;
        Assert.That(snapshot.GetProperty("calls").EnumerateArray().Single().GetProperty("id").GetString(), Is.EqualTo(call.Id));
        Assert.That(snapshot.GetProperty("rooms").EnumerateArray().Single().GetProperty("id").GetString(), Is.EqualTo("r1"));
        Assert.That(
            snapshot.GetProperty("registrations").EnumerateArray().Single().GetProperty("session_id").GetString(), Is.EqualTo(session));
        Assert.That(snapshot.GetProperty("trunks").EnumerateArray().Single().GetProperty("name").GetString(), Is.EqualTo("pbx"));
        Assert.That(snapshot.GetProperty("bots").EnumerateArray().Single().GetProperty("id").GetString(), Is.EqualTo("bot"));
        Assert.That(
            snapshot.GetProperty("recordings").EnumerateArray().Single().GetProperty("id").GetString(), Is.EqualTo(recording!.Id));
        Assert.That(snapshot.GetProperty("streams").EnumerateArray().Single().GetProperty("id").GetString(), Is.EqualTo(stream!.Id));
        await recording.StopAsync();
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task Snapshot_IsLeftOut_ForWhoWantsNone()
    {
        await using var control = await ControlHost.StartAsync();
        using var response = await control.Http.GetAsync(
            new Uri("/sip/events?snapshot=false", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        control.Server.Parts.Events.Tell(new SipServerEvent.RoomOpened("r1"));
        var lines = new List<string?>();
        for (var i = 0; i < 4; i++)
            lines.Add(await reader.ReadLineAsync());
        Assert.That(lines[3], Is.EqualTo("event: room_opened"));
    }

    private static async Task<List<(string Id, string Word)>> ReadAsync(
        ControlHost control, string? lastEventId, int count, Func<Task> whenWatching, bool byQuery = false)
    {
        var path = "/sip/events" + (byQuery && lastEventId is not null ? "?last_event_id=" + lastEventId : "");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (!byQuery && lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        using var response = await control.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo(": watching"));
        await whenWatching();
        var (events, id, name) = (new List<(string Id, string Word)>(), "", "");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (events.Count < count && await reader.ReadLineAsync(limit.Token) is { } line)
        {
            id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
            name = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] : name;
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                events.Add((id, Word(name, JsonDocument.Parse(line[6..]).RootElement)));
        }

        return events;
    }

    private static string Word(string name, JsonElement data) => name == "call" ? $"call {data.GetProperty("event").GetString()}" : name;

    private static async Task CallAsync(ControlHost control)
    {
        var session = await control.RegisterAsync("bob", (_, _) => ValueTask.FromResult(PhoneAnswer.Accept));
        var call = await control.Server.CallClientAsync("r1", session, "1001");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await call.HangUpAsync();
    }
}
