using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>A small stand-in for a service that speaks the messages of OpenAI's Realtime API.</summary>
internal sealed class RealtimeService : IAsyncDisposable
{
    private readonly bool _isMuLaw;
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private WebSocket? _socket;
    private int _loud;

    public RealtimeService(bool isMuLaw = false)
    {
        _isMuLaw = isMuLaw;
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        Url = $"ws://127.0.0.1:{port}/v1/realtime?model=test";
        _running = RunAsync();
    }

    public string Url { get; }

    public string? Authorization { get; private set; }

    /// <summary>Whether it has heard half a second of the caller.</summary>
    public bool HasHeardTone => Volatile.Read(ref _loud) >= 5;

    /// <summary>Milliseconds that the caller heard of what it said, when it was told.</summary>
    public int? Truncated { get; private set; }

    /// <summary>The caller talks.</summary>
    public Task InterruptAsync() => SendAsync(new JsonObject { ["type"] = "input_audio_buffer.speech_started", ["audio_start_ms"] = 1 });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Close();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            var context = await _listener.GetContextAsync();
            Authorization = context.Request.Headers["Authorization"];
            _socket = (await context.AcceptWebSocketAsync(null)).WebSocket;
            await SendAsync(new JsonObject { ["type"] = "session.created" });
            var buffer = new byte[256 * 1024];
            for (var length = 0; ;)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                length += part.Count;
                if (!part.EndOfMessage)
                    continue;
                await TakeAsync(JsonNode.Parse(buffer.AsSpan(0, length))!);
                length = 0;
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or HttpListenerException
            or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task TakeAsync(JsonNode message)
    {
        switch ((string)message["type"]!)
        {
            case "session.update":
                foreach (var way in new[] { "input", "output" })
                {
                    Assert.That(
                        message["session"]!["audio"]![way]!["format"]!.ToJsonString(),
                        Is.EqualTo(_isMuLaw ? """{"type":"audio/pcmu"}""" : """{"type":"audio/pcm","rate":24000}"""));
                }

                break;
            case "response.create":
                // Ten seconds, faster than they are heard.
                for (var i = 0; i < 100; i++)
                {
                    await SayAsync("item1");
                }

                break;
            case "input_audio_buffer.append":
                var audio = Convert.FromBase64String((string)message["audio"]!);
                var samples = _isMuLaw ? [.. audio.Select(MuLaw.Decode)] : MemoryMarshal.Cast<byte, short>(audio).ToArray();
                if (Media.Audio.AudioLevel.Measure(samples) < 40)
                    Volatile.Write(ref _loud, _loud + 1);
                break;
            case "conversation.item.truncate":
                Assert.That((string)message["item_id"]!, Is.EqualTo("item1"));
                Truncated = (int)message["audio_end_ms"]!;
                // What it had sent before it was told; a second of it.
                for (var i = 0; i < 10; i++)
                    await SayAsync("item1");
                break;
        }
    }

    private Task SayAsync(string item) => SendAsync(new JsonObject
    {
        ["type"] = "response.output_audio.delta", ["item_id"] = item, ["delta"] = Convert.ToBase64String(Tone()),
    });

    private byte[] Tone()
    {
        var rate = _isMuLaw ? 8000 : 24_000;
        var samples = new short[rate / 10];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (short)(8000 * Math.Sin(Math.Tau * 1000 * i / rate));
        if (!_isMuLaw)
            return MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
        var bytes = new byte[samples.Length];
        MuLaw.Encode(samples, bytes);
        return bytes;
    }

    private Task SendAsync(JsonObject message) =>
        _socket!.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, _stop.Token);
}
