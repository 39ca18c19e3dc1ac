using System.Text.Json;

namespace Atm0s.Sip.Streams;

/// <summary>A message of a program. What is not understood is none: the stream goes on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">Audio of <see cref="StreamMessageKind.Media"/>.</param>
/// <param name="Name">Name of <see cref="StreamMessageKind.Mark"/>.</param>
internal readonly record struct ReceivedMessage(StreamMessageKind Kind, byte[] Payload, string Name)
{
    private const int MaxName = 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    public static ReceivedMessage Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("event"u8, out var name)
                || name.ValueKind != JsonValueKind.String)
                return default;
            return name.GetString() switch
            {
                "media" when Text(root, "media", "payload") is { } payload && payload.TryGetBytesFromBase64(out var bytes) =>
                    new ReceivedMessage(StreamMessageKind.Media, bytes, ""),
                "mark" when Text(root, "mark", "name")?.GetString() is { Length: <= MaxName } mark =>
                    new ReceivedMessage(StreamMessageKind.Mark, [], mark),
                "clear" => new ReceivedMessage(StreamMessageKind.Clear, [], ""),
                _ => default,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    private static JsonElement? Text(JsonElement root, string part, string field) =>
        root.TryGetProperty(part, out var inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty(field, out var value)
        && value.ValueKind == JsonValueKind.String ? value : null;
}
