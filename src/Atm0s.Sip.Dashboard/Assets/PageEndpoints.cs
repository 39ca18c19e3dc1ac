using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Dashboard.Assets;

/// <summary>Serves the page. It holds nothing that is secret, so it wants no key: who has none gets a form to type one.</summary>
internal static class PageEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(RouteGroupBuilder group, IReadOnlyList<PageFile> files)
    {
        foreach (var file in files)
        {
            // The page's own links are relative, so it has to be a folder.
            if (file.Name == "index.html")
                group.MapMethods("/", Reading, IResult (HttpContext context) => AnswerFolder(context, file));
            else
                group.MapMethods($"/{file.Name}", Reading, IResult (HttpContext context) => Answer(context, file));
        }
    }

    private static IResult AnswerFolder(HttpContext context, PageFile file)
    {
        var path = context.Request.Path.Value ?? "";
        if (path.EndsWith('/'))
            return Answer(context, file);
        SecurityHeaders.Add(context.Response.Headers);
        // Relative: a proxy in front may serve it under another path.
        context.Response.Headers.Location = $"./{path[(path.LastIndexOf('/') + 1)..]}/";
        return Results.StatusCode(StatusCodes.Status307TemporaryRedirect);
    }

    private static IResult Answer(HttpContext context, PageFile file)
    {
        var headers = context.Response.Headers;
        SecurityHeaders.Add(headers);
        headers.ETag = file.ETag;
        headers.CacheControl = "no-cache";
        return Knows(context.Request, file.ETag) ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(file.Body, file.ContentType);
    }

    // RFC 9110 §13.1.2; a proxy that compresses makes the tag weak.
    private static bool Knows(HttpRequest request, string tag)
    {
        foreach (var given in request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (given == "*" || given == tag || (given.StartsWith("W/", StringComparison.Ordinal) && given[2..] == tag))
                return true;
        }

        return false;
    }
}
