using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Streams;

/// <summary>
/// Writes the messages to a program as Twilio documents them: every counter is a string, and every message but <c>connected</c> has a
/// sequence number, from 1 on. One at a time.
/// </summary>
internal sealed class StreamMessages(string streamSid, string callSid, MediaStreamOptions options, StreamCodec codec)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly byte[] _payload = new byte[2 * 24_000 / 50];
    private long _sequence;

    public ReadOnlyMemory<byte> Connected() => Write(json =>
    {
        json.WriteString("event"u8, "connected"u8);
        json.WriteString("protocol"u8, "Call"u8);
        json.WriteString("version"u8, "1.0.0"u8);
    });

    public ReadOnlyMemory<byte> Start(IEnumerable<string> tracks) => Write(json =>
    {
        Begin(json, "start");
        json.WriteStartObject("start"u8);
        json.WriteString("accountSid"u8, options.AccountSid);
        json.WriteString("streamSid"u8, streamSid);
        json.WriteString("callSid"u8, callSid);
        json.WriteStartArray("tracks"u8);
        foreach (var track in tracks)
            json.WriteStringValue(track);
        json.WriteEndArray();
        json.WriteStartObject("mediaFormat"u8);
        json.WriteString("encoding"u8, codec.Name);
        json.WriteNumber("sampleRate"u8, codec.Rate);
        json.WriteNumber("channels"u8, 1);
        json.WriteEndObject();
        json.WriteStartObject("customParameters"u8);
        foreach (var (name, value) in options.Parameters)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("streamSid"u8, streamSid);
    });

    public ReadOnlyMemory<byte> Media(string track, long chunk, long timestamp, ReadOnlySpan<short> samples)
    {
        var length = codec.Encode(samples, _payload);
        return Write(json =>
        {
            Begin(json, "media");
            json.WriteStartObject("media"u8);
            json.WriteString("track"u8, track);
            json.WriteString("chunk"u8, Text(chunk));
            json.WriteString("timestamp"u8, Text(timestamp));
            json.WriteBase64String("payload"u8, _payload.AsSpan(0, length));
            json.WriteEndObject();
            json.WriteString("streamSid"u8, streamSid);
        });
    }

    public ReadOnlyMemory<byte> Mark(string name) => Write(json =>
    {
        Begin(json, "mark");
        json.WriteString("streamSid"u8, streamSid);
        json.WriteStartObject("mark"u8);
        json.WriteString("name"u8, name);
        json.WriteEndObject();
    });

    public ReadOnlyMemory<byte> Digit(char digit) => Write(json =>
    {
        Begin(json, "dtmf");
        json.WriteString("streamSid"u8, streamSid);
        json.WriteStartObject("dtmf"u8);
        json.WriteString("track"u8, "inbound_track"u8);
        json.WriteString("digit"u8, digit.ToString());
        json.WriteEndObject();
    });

    public ReadOnlyMemory<byte> Stop() => Write(json =>
    {
        Begin(json, "stop");
        json.WriteStartObject("stop"u8);
        json.WriteString("accountSid"u8, options.AccountSid);
        json.WriteString("callSid"u8, callSid);
        json.WriteEndObject();
        json.WriteString("streamSid"u8, streamSid);
    });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Begin(Utf8JsonWriter json, string name)
    {
        json.WriteString("event"u8, name);
        json.WriteString("sequenceNumber"u8, Text(++_sequence));
    }

    private ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenMemory;
    }
}
