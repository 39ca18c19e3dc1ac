using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Atm0s.Sip.Dashboard.Endpoints;

/// <summary>Reads the JSON of an order: at most 16 KiB, and never an exception.</summary>
internal static class OrderBody
{
    private const int MaxLength = 16 * 1024;

    /// <summary>The order; null when it is absent, too long or can't be read.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxLength;
        try
        {
            return context.Request.ContentLength > MaxLength ? null
                : await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException or IOException)
        {
            return null;
        }
    }
}
