using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

// The voice bot as a program of its own: it knows Media Streams messages, WebSockets and mu-law, and nothing of SIP.
var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.UseWebSockets();
app.Map("/media", async context =>
{
    if (!context.WebSockets.IsWebSocketRequest || context.Request.Headers.Authorization != $"Bearer {app.Configuration["secret"]}")
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return;
    }

    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    await new StreamBot(socket).RunAsync(context.RequestAborted);
});
await app.RunAsync();

/// <summary>Beeps for every word it would say, repeats what was dialled, and stops when it is interrupted.</summary>
internal sealed class StreamBot(WebSocket socket)
{
    private const int Loud = 1000;

    private string _stream = "";
    private string _digits = "";
    private int _talking;       // messages in a row in which somebody talked
    private bool _isSpeaking;

    public async Task RunAsync(CancellationToken aborted)
    {
        while (await ReadAsync(aborted) is { } message)
        {
            switch ((string?)message["event"])
            {
                case "start":
                    _stream = (string)message["streamSid"]!;
                    await SayAsync(words: 5, aborted);
                    break;
                case "media":
                    await HearAsync(Convert.FromBase64String((string)message["media"]!["payload"]!), aborted);
                    break;
                case "dtmf" when (string)message["dtmf"]!["digit"]! == "#":
                    await SayAsync(words: _digits.Length, aborted);
                    _digits = "";
                    break;
                case "dtmf":
                    _digits += (string)message["dtmf"]!["digit"]!;
                    break;
                case "mark":
                    _isSpeaking = false; // all was heard
                    break;
                case "stop":
                    return;
            }
        }
    }

    // 60 ms of voice while it speaks: what it has sent is not to be heard any more.
    private async Task HearAsync(byte[] payload, CancellationToken aborted)
    {
        var sum = 0.0;
        foreach (var code in payload)
            sum += Math.Pow(Decode(code), 2);
        _talking = Math.Sqrt(sum / payload.Length) > Loud ? _talking + 1 : 0;
        if (_talking != 3 || !_isSpeaking)
            return;
        await SendAsync(new JsonObject { ["event"] = "clear", ["streamSid"] = _stream }, aborted);
    }

    private async Task SayAsync(int words, CancellationToken aborted)
    {
        _isSpeaking = true;
        var word = new byte[2400];
        for (var i = 0; i < word.Length; i++)
            word[i] = i < 1600 ? Encode((short)(8000 * Math.Sin(Math.Tau * 700 * i / 8000))) : (byte)0xFF;
        for (var i = 0; i < words; i++)
        {
            await SendAsync(new JsonObject
            {
                ["event"] = "media", ["streamSid"] = _stream, ["media"] = new JsonObject { ["payload"] = Convert.ToBase64String(word) },
            }, aborted);
        }

        await SendAsync(
            new JsonObject { ["event"] = "mark", ["streamSid"] = _stream, ["mark"] = new JsonObject { ["name"] = "said" } }, aborted);
    }

    private async Task<JsonNode?> ReadAsync(CancellationToken aborted)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), aborted);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (part.EndOfMessage)
                return JsonNode.Parse(buffer.AsSpan(0, length));
            if (length == buffer.Length)
                return null; // no message of the server is so long
        }
    }

    private ValueTask SendAsync(JsonObject message, CancellationToken aborted) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message).AsMemory(), WebSocketMessageType.Text, true, aborted);

    // ITU-T G.711, mu-law.
    private static int Decode(byte code)
    {
        var value = ~code;
        var magnitude = ((((value & 15) << 3) + 132) << ((value >> 4) & 7)) - 132;
        return (value & 0x80) != 0 ? -magnitude : magnitude;
    }

    private static byte Encode(short sample)
    {
        var magnitude = Math.Min(32635, Math.Abs((int)sample)) + 132;
        var exponent = Math.Max(0, (int)Math.Log2(magnitude) - 7);
        return (byte)~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15));
    }
}
