using System.ComponentModel;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
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

/// <summary>Speaks, repeats what was dialled, and stops when it is interrupted.</summary>
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
                    await SayAsync("Hello. Press some keys, then the hash key.", aborted);
                    break;
                case "media":
                    await HearAsync(Convert.FromBase64String((string)message["media"]!["payload"]!), aborted);
                    break;
                case "dtmf" when (string)message["dtmf"]!["digit"]! == "#":
                    await SayAsync($"You pressed {string.Join(", ", _digits.ToCharArray())}.", aborted);
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

    // All at once: the server says it at the pace of the call, and sends the mark back when it was heard.
    private async Task SayAsync(string text, CancellationToken aborted)
    {
        _isSpeaking = true;
        var speech = await Speech.OfAsync(text);
        var payload = Convert.ToBase64String([.. speech.Select(Encode)]);
        await SendAsync(
            new JsonObject { ["event"] = "media", ["streamSid"] = _stream, ["media"] = new JsonObject { ["payload"] = payload } }, aborted);
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

/// <summary>Speech by espeak-ng, at 8 kHz; where that is not installed, a beep for each word.</summary>
internal static class Speech
{
    private const int Header = 44;  // of the WAV file that it writes: 16 bits, mono

    public static async Task<short[]> OfAsync(string text)
    {
        try
        {
            using var espeak = Process.Start(new ProcessStartInfo("espeak-ng", ["--stdout", text]) { RedirectStandardOutput = true })!;
            using var wav = new MemoryStream();
            await espeak.StandardOutput.BaseStream.CopyToAsync(wav);
            await espeak.WaitForExitAsync();
            var file = wav.ToArray();
            return At8000(MemoryMarshal.Cast<byte, short>(file.AsSpan(Header)), BitConverter.ToInt32(file, 24));
        }
        catch (Win32Exception)
        {
            var words = text.Split(' ').Length;
            return [.. Enumerable.Range(0, words * 2400).Select(i => Beep(i % 2400))];
        }
    }

    private static short Beep(int sample) => sample < 1600 ? (short)(8000 * Math.Sin(Math.Tau * 700 * sample / 8000)) : (short)0;

    // The mean of the samples in each new one: good enough for a phone.
    private static short[] At8000(ReadOnlySpan<short> samples, int rate)
    {
        var result = new short[(int)((long)samples.Length * 8000 / rate)];
        for (var i = 0; i < result.Length; i++)
        {
            var (from, to) = ((int)((long)i * rate / 8000), (int)((long)(i + 1) * rate / 8000));
            var sum = 0;
            foreach (var sample in samples[from..to])
                sum += sample;
            result[i] = (short)(sum / Math.Max(1, to - from));
        }

        return result;
    }
}
