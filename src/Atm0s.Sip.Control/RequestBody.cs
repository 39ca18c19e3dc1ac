using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Control;

/// <summary>Reads the JSON of a request: at most 64 KiB, and never an exception.</summary>
internal static class RequestBody
{
    public const int MaxLength = 64 * 1024;

    /// <summary>The body; null when it is absent, too long or can't be read.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, T? empty = null)
        where T : class
    {
        var buffer = new byte[Math.Min(context.Request.ContentLength ?? 4096, MaxLength) + 1];
        var length = 0;
        try
        {
            while (true)
            {
                var read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted).ConfigureAwait(false);
                if (read == 0 && length == 0)
                    return empty;
                if (read == 0)
                    return JsonSerializer.Deserialize(buffer.AsSpan(0, length), type);
                length += read;
                if (length > MaxLength)
                    return null;
                if (length == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(2 * buffer.Length, MaxLength + 1));
            }
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>The body, an empty one where there is none; null when it is too long or can't be read.</summary>
    public static ValueTask<T?> ReadOrDefaultAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class, new() =>
        ReadAsync(context, type, new T());
}
