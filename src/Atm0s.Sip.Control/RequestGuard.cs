using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Control;

/// <summary>
/// Refuses what a web page makes somebody's browser send, and bodies that are no JSON. A page of another site can send a request that has
/// no content type or a plain one without asking first (Fetch §4.8); where no key is wanted, that would be enough to command.
/// </summary>
internal sealed class RequestGuard : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        return Check(http) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context);
    }

    private static IResult? Check(HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<IOptions<SipControlOptions>>().Value;
        if (options.ApiKeys.Count == 0 && !IsOurName(http.Request.Host.Host, options))
            return Answers.Refuse(http, 403, "FORBIDDEN", "The Host header is no IP address, localhost or allowed host.");
        if (options.ApiKeys.Count == 0 && IsOfAnotherSite(http.Request))
            return Answers.Refuse(http, 403, "FORBIDDEN", "A page of another origin can't command.");
        if (http.Request.ContentLength > RequestBody.MaxLength)
            return Answers.Refuse(http, 413, "TOO_LARGE", "The body is longer than 64 KiB.");
        return HasBody(http) && !http.Request.HasJsonContentType()
            ? Answers.Refuse(http, 415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json.")
            : null;
    }

    // A name of the attacker's own may lead here (DNS rebinding); an address can't be rebound, and localhost is looked up by nobody.
    private static bool IsOurName(string host, SipControlOptions options) =>
        IPAddress.TryParse(host, out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static bool IsOfAnotherSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            return true;
        return request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOwnOrigin(origin, request);
    }

    /// <summary>Whether a page of this origin was loaded from this server.</summary>
    public static bool IsOwnOrigin(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var site)
        && string.Equals(site.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static bool HasBody(HttpContext http) =>
        http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? http.Request.ContentLength is > 0;
}
