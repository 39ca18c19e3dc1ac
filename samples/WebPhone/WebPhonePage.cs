using Atm0s.Sip;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebPhone.Assets;
using WebPhone.Talkers;

namespace WebPhone;

/// <summary>Serves a phone as a web page. It needs SIP over WebSocket at <c>/sip</c> of the same host.</summary>
public static class WebPhonePage
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps the page at <c>/</c>, and what it asks for below <c>/phone</c>.</summary>
    public static void MapWebPhone(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var files = PageFile.Load();
        app.MapMethods("/", Reading, (RequestDelegate)(context => AnswerAsync(context, files["index.html"]))).ExcludeFromDescription();
        app.MapMethods("/phone/{**name}", Reading, (RequestDelegate)(context => AnswerAsync(
            context, files.GetValueOrDefault(context.GetRouteValue("name") as string ?? "")))).ExcludeFromDescription();
        var talkers = new TalkersEndpoint(app.ServiceProvider.GetRequiredService<ISipServer>());
        app.MapGet("/phone/talkers/{callId}", (RequestDelegate)talkers.ServeAsync).ExcludeFromDescription();
    }

    private static async Task AnswerAsync(HttpContext context, PageFile? file)
    {
        var response = context.Response;
        SecurityHeaders.Add(response.Headers);
        response.Headers.CacheControl = "no-cache";
        if (file is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        response.Headers.ETag = file.ETag;
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(file.ETag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = file.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(file.Body, context.RequestAborted);
    }
}
