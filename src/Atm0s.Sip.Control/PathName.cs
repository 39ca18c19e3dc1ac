using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Atm0s.Sip.Control;

/// <summary>The name at the end of a path. Names may hold a slash, which the framework leaves as %2F.</summary>
internal static class PathName
{
    /// <summary>The last segment of the path, unescaped.</summary>
    /// <param name="context">The request.</param>
    /// <param name="routed">The segment as the framework has it.</param>
    public static string Last(HttpContext context, string routed)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(raw))
            return routed;
        var path = raw.AsSpan(0, raw.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : raw.Length).TrimEnd('/');
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }
}
