using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Phones;

/// <summary>Somebody who comes by WebSocket to samples/SfuRooms: says a tone in Opus packets, and keeps what each speaker says.</summary>
internal sealed class WebSpeaker : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _heard = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Comes in and begins to speak.</summary>
    public static async Task<WebSpeaker> StartAsync(Uri room, double hz)
    {
        var speaker = new WebSpeaker();
        await speaker._socket.ConnectAsync(room, CancellationToken.None);
        speaker._running = Task.WhenAll(speaker.SpeakAsync(hz), speaker.HearAsync());
        return speaker;
    }

    /// <summary>Waits until the last second of some speaker is each of these tones, and nobody says the other.</summary>
    public async Task UntilItHearsAsync(double[] tones, double absent)
    {
        for (var i = 0; i < 100 && !tones.All(hz => _heard.Values.Any(packets => Says(packets, hz))); i++)
            await Task.Delay(200);
        foreach (var hz in tones)
            Assert.That(_heard.Values.Any(packets => Says(packets, hz)), Is.True, $"{hz} Hz of {_heard.Count} speakers");
        Assert.That(_heard.Values.Any(packets => Says(packets, absent)), Is.False, "nobody hears itself");
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        try
        {
            await _running;
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // As it was told.
        }

        _socket.Dispose();
        _ended.Dispose();
    }

    private static bool Says(ConcurrentQueue<byte[]> packets, double hz)
    {
        var last = packets.TakeLast(60).ToArray();
        if (last.Length < 60)
            return false;
        using var decoder = LibOpusCodecProvider.Instance.CreateDecoder();
        var pcm = new short[OpusPacket.MaxSamples];
        var audio = new WavFile(48_000, [.. last.SelectMany(p => pcm[..decoder.Decode(p, pcm)].Select(s => s / 32768f).ToArray())]);
        return audio.End(TimeSpan.FromSeconds(0.8)).Measure(hz).Levels[hz] > -20;
    }

    private async Task SpeakAsync(double hz)
    {
        using var encoder = LibOpusCodecProvider.Instance.CreateEncoder(new OpusEncoderOptions());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var amplitude = 32767 * Math.Pow(10, PhoneOptions.ToneDbfs / 20);
        var (pcm, message) = (new short[960], new byte[8 + 1275]);
        for (var frame = 0; await timer.WaitForNextTickAsync(_ended.Token); frame++)
        {
            for (var i = 0; i < pcm.Length; i++)
                pcm[i] = (short)(amplitude * Math.Sin(Math.Tau * hz * ((frame * 960) + i) / 48_000));
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(1), (ushort)frame);
            BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(3), (uint)frame * 960);
            message[7] = 255;
            var length = encoder.Encode(pcm, message.AsSpan(8));
            await _socket.SendAsync(message.AsMemory(0, 8 + length), WebSocketMessageType.Binary, true, _ended.Token);
        }
    }

    private async Task HearAsync()
    {
        var message = new byte[4096];
        while (true)
        {
            var received = await _socket.ReceiveAsync(message.AsMemory(), _ended.Token);
            if (received.MessageType == WebSocketMessageType.Close)
                return;
            var speaker = Encoding.UTF8.GetString(message, 1, message[0]);
            _heard.GetOrAdd(speaker, static _ => new()).Enqueue(message[(8 + message[0])..received.Count]);
        }
    }
}
