using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Events as server-sent events and over a WebSocket.</summary>
public sealed class EventStreamTests
{
    private static readonly string[] Story = [
        "registered", "room_opened", "call connecting", "call ringing", "call answered", "room_closed", "call ended"];

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
        await ControlHost.UntilAsync(() => !control.Server.Parts.Events.IsWatched, "the watcher is forgotten when it closes");
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
            new Uri("/sip/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var lines = new List<string?>();
        for (var i = 0; i < 3; i++)
            lines.Add(await reader.ReadLineAsync(limit.Token));
        Assert.That(lines, Does.Contain(": still here"));
        await control.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
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
