using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>docs/how-to/media-streams.md: the bot by itself, spoken to as the server would.</summary>
public sealed class StreamBotTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Bot_Greets_RepeatsWhatWasDialled_AndStopsWhenItIsInterrupted()
    {
        await using var sample = await StartAsync();
        using var limit = new CancellationTokenSource(Limit);
        using var socket = await ConnectAsync(sample, "letmein", limit.Token);

        await SendAsync(socket, new JsonObject { ["event"] = "start", ["streamSid"] = "MZ1" }, limit.Token);
        Assert.That(await EventsAsync(socket, 2, limit.Token), Is.EqualTo("media mark"));
        await SendAsync(socket, new JsonObject { ["event"] = "mark", ["mark"] = new JsonObject { ["name"] = "said" } }, limit.Token);

        foreach (var digit in "42#")
            await SendAsync(socket, Dtmf(digit), limit.Token);
        Assert.That(await EventsAsync(socket, 2, limit.Token), Is.EqualTo("media mark"));

        // Three messages of voice, while it speaks: 0x80 and 0x00 are the loudest in mu-law.
        for (var i = 0; i < 3; i++)
            await SendAsync(socket, Voice(), limit.Token);
        Assert.That(await EventsAsync(socket, 1, limit.Token), Is.EqualTo("clear"));
    }

    [Test]
    public async Task WrongSecret_Is401()
    {
        await using var sample = await StartAsync();
        Assert.That(
            async () => await ConnectAsync(sample, "guess", CancellationToken.None),
            Throws.TypeOf<WebSocketException>().With.Message.Contains("401"));
    }

    private static Task<SampleProgram> StartAsync() =>
        SampleProgram.StartAsync("StreamBot", "--urls", "http://127.0.0.1:0", "--secret", "letmein");

    private static JsonObject Dtmf(char digit) =>
        new() { ["event"] = "dtmf", ["dtmf"] = new JsonObject { ["digit"] = digit.ToString() } };

    private static JsonObject Voice()
    {
        var loud = Enumerable.Range(0, 160).Select(i => (byte)(i % 2 == 0 ? 0x80 : 0x00)).ToArray();
        return new JsonObject { ["event"] = "media", ["media"] = new JsonObject { ["payload"] = Convert.ToBase64String(loud) } };
    }

    private static async Task<ClientWebSocket> ConnectAsync(SampleProgram sample, string secret, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {secret}");
        await socket.ConnectAsync(new UriBuilder(sample.Web) { Scheme = "ws", Path = "/media" }.Uri, cancellation);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, JsonObject message, CancellationToken cancellation) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, cancellation);

    private static async Task<string> EventsAsync(ClientWebSocket socket, int count, CancellationToken cancellation)
    {
        var events = new List<string>();
        // All that it says at once is in one message.
        var buffer = new byte[1 << 20];
        for (var length = 0; events.Count < count;)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            length += part.Count;
            if (!part.EndOfMessage)
                continue;
            events.Add((string)JsonNode.Parse(buffer.AsSpan(0, length))!["event"]!);
            length = 0;
        }

        return string.Join(' ', events);
    }
}
