using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Atm0s.Sip.Media.Codecs.G711;
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
    // "pcm" (default) is linear at 24 kHz, as the service works inside; "pcmu" is a third of it, and no more than a phone line carries.
    private readonly bool _isMuLaw = configuration["format"] == "pcmu";

    public ValueTask OnCallEventAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (callEvent is CallEvent.Answered && server.TryGetCall(callEvent.Call.CallId, out var call))
            _ = TalkAsync(call);
        return ValueTask.CompletedTask;
    }

    private async Task TalkAsync(ISipCall call)
    {
        // The service is far ahead of what is heard.
        var options = new RoomBotOptions { SampleRate = _isMuLaw ? 8000 : 24_000, MaxQueued = TimeSpan.FromMinutes(10) };
        await using var bot = await call.AddParticipantAsync(options);
        if (bot is null)
            return; // the caller has hung up by now
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

    private JsonObject Session(string instructions)
    {
        JsonObject Format() => _isMuLaw ? new() { ["type"] = "audio/pcmu" } : new() { ["type"] = "audio/pcm", ["rate"] = 24_000 };
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
                    ["input"] = new JsonObject { ["format"] = Format(), ["turn_detection"] = new JsonObject { ["type"] = "server_vad" } },
                    ["output"] = new JsonObject { ["format"] = Format() },
                },
            },
        };
    }

    // What the room says goes to the service, in pieces of 100 ms.
    private async Task HearAsync(RoomBot bot, ClientWebSocket socket)
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
                ["type"] = "input_audio_buffer.append", ["audio"] = Encode(samples),
            });
        }
    }

    // What the service says is heard, until the caller talks into it: then the service is told how much of it was.
    private async Task SpeakAsync(RoomBot bot, ClientWebSocket socket)
    {
        var (item, begun) = ("", TimeSpan.Zero);
        var (said, interrupted) = (TimeSpan.Zero, "");
        while (await ReadAsync(socket) is { } message)
        {
            switch ((string?)message["type"])
            {
                // What was still on its way when it was interrupted is not to be heard.
                case "response.output_audio.delta" or "response.audio.delta" when (string)message["item_id"]! != interrupted:
                    if ((string)message["item_id"]! is var id && id != item)
                        (item, begun) = (id, said);
                    said += TimeSpan.FromSeconds((double)bot.Say(Decode((string)message["delta"]!)) / bot.SampleRate);
                    break;
                case "input_audio_buffer.speech_started" when bot.Queued > TimeSpan.Zero:
                    var playback = bot.Flush();
                    var heard = said - playback.Dropped - begun;
                    (said, interrupted) = (said - playback.Dropped, item);
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

    private string Encode(short[] samples)
    {
        if (!_isMuLaw)
            return Convert.ToBase64String(MemoryMarshal.AsBytes(samples.AsSpan()));
        var bytes = new byte[samples.Length];
        MuLaw.Encode(samples, bytes);
        return Convert.ToBase64String(bytes);
    }

    private short[] Decode(string audio)
    {
        var bytes = Convert.FromBase64String(audio);
        if (!_isMuLaw)
            return MemoryMarshal.Cast<byte, short>(bytes).ToArray();
        var samples = new short[bytes.Length];
        MuLaw.Decode(bytes, samples);
        return samples;
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
