using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.WebSockets;

/// <summary>What a proxy in front says about who is behind it.</summary>
internal static class ForwardedFields
{
    /// <summary>
    /// The field that nobody has read yet; null when there is none. The middleware leaves X-Original-For, and what it did not use: what a
    /// page has written itself.
    /// </summary>
    public static string? UnreadOf(IHeaderDictionary headers) =>
        headers.ContainsKey("X-Original-For") ? null
        : headers.ContainsKey("X-Forwarded-For") ? "X-Forwarded-For"
        : headers.ContainsKey("Forwarded") ? "Forwarded"
        : null;
}
