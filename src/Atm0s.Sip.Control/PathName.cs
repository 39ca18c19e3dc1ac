using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Atm0s.Sip.Control;

/// <summary>A name in a path. Names may hold a slash, which the framework leaves as %2F.</summary>
internal static class PathName
{
    /// <summary>The last segment of the path, unescaped.</summary>
    /// <param name="context">The request.</param>
    /// <param name="routed">The segment as the framework has it.</param>
    public static string Last(HttpContext context, string routed) => Segment(context, routed, 1);

    /// <summary>The segment before the last one, unescaped.</summary>
    /// <param name="context">The request.</param>
    /// <param name="routed">The segment as the framework has it.</param>
    public static string BeforeLast(HttpContext context, string routed) => Segment(context, routed, 2);

    private static string Segment(HttpContext context, string routed, int fromEnd)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(raw))
            return routed;
        var path = raw.AsSpan(0, raw.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : raw.Length).TrimEnd('/');
        for (; fromEnd > 1; fromEnd--)
            path = path[..Math.Max(0, path.LastIndexOf('/'))];
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }
}
