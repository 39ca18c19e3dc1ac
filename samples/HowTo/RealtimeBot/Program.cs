using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<ICallObserver, RealtimeBots>();
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
    })
    .AddInviteHandler(InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.CallId, endWhenOthersLeave: true)));
await builder.Build().RunAsync();

/// <summary>Lets every caller talk with a service that speaks the messages of OpenAI's Realtime API.</summary>
internal sealed class RealtimeBots(ISipServer server, IConfiguration configuration) : ICallObserver
{
    public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (callEvent is CallEvent.Answered { Call.RoomId: { } room })
            _ = TalkAsync(room);
        return ValueTask.CompletedTask;
    }

    private async Task TalkAsync(string room)
    {
        await using var bot = await server.AddParticipantAsync(room, new RoomBotOptions { SampleRate = 24_000 });
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {configuration["key"]}");
        try
        {
            await socket.ConnectAsync(
                new Uri(configuration["service"] ?? "wss://api.openai.com/v1/realtime?model=gpt-realtime"), CancellationToken.None);
            await SendAsync(socket, Session(configuration["instructions"] ?? "You are on the phone. Be brief and friendly."));
            await SendAsync(socket, new JsonObject { ["type"] = "response.create" });
            await Task.WhenAny(HearAsync(bot, socket), SpeakAsync(bot, socket));
        }
        catch (WebSocketException exception)
        {
            Console.Error.WriteLine($"The service: {exception.Message}");
        }
    }

    private static JsonObject Session(string instructions)
    {
        static JsonObject Pcm() => new() { ["type"] = "audio/pcm", ["rate"] = 24_000 };
        return new JsonObject
        {
            ["type"] = "session.update",
            ["session"] = new JsonObject
            {
                ["type"] = "realtime",
                ["instructions"] = instructions,
                ["output_modalities"] = new JsonArray("audio"),
                ["audio"] = new JsonObject
                {
                    ["input"] = new JsonObject { ["format"] = Pcm(), ["turn_detection"] = new JsonObject { ["type"] = "server_vad" } },
                    ["output"] = new JsonObject { ["format"] = Pcm() },
                },
            },
        };
    }

    // What the room says goes to the service, in pieces of 100 ms.
    private static async Task HearAsync(RoomBot bot, ClientWebSocket socket)
    {
        var samples = new short[bot.SampleRate / 10];
        for (var count = 0; ;)
        {
            var read = await bot.HearAsync(samples.AsMemory(count));
            if (read == 0)
                return;
            count += read;
            if (count < samples.Length)
                continue;
            count = 0;
            await SendAsync(socket, new JsonObject
            {
                ["type"] = "input_audio_buffer.append", ["audio"] = Convert.ToBase64String(MemoryMarshal.AsBytes(samples.AsSpan())),
            });
        }
    }

    // What the service says is heard, until the caller talks into it: then the service is told how much of it was.
    private static async Task SpeakAsync(RoomBot bot, ClientWebSocket socket)
    {
        var (item, begun) = ("", TimeSpan.Zero);
        var said = TimeSpan.Zero;
        while (await ReadAsync(socket) is { } message)
        {
            switch ((string?)message["type"])
            {
                case "response.output_audio.delta" or "response.audio.delta":
                    var samples = MemoryMarshal.Cast<byte, short>(Convert.FromBase64String((string)message["delta"]!)).ToArray();
                    if ((string)message["item_id"]! is var id && id != item)
                        (item, begun) = (id, said);
                    said += TimeSpan.FromSeconds((double)samples.Length / bot.SampleRate);
                    await bot.SayAsync(samples);
                    break;
                case "input_audio_buffer.speech_started" when bot.Queued > TimeSpan.Zero:
                    var playback = bot.Flush();
                    var heard = said - playback.Dropped - begun;
                    said -= playback.Dropped;
                    await SendAsync(socket, new JsonObject
                    {
                        ["type"] = "conversation.item.truncate", ["item_id"] = item, ["content_index"] = 0,
                        ["audio_end_ms"] = (long)Math.Max(0, heard.TotalMilliseconds),
                    });
                    break;
                case "error":
                    Console.Error.WriteLine($"The service: {message["error"]?["message"]}");
                    break;
            }
        }
    }

    private static async Task<JsonNode?> ReadAsync(ClientWebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonNode.Parse(message.ToArray());
        }
    }

    private static ValueTask SendAsync(ClientWebSocket socket, JsonObject message) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message).AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None);
}
